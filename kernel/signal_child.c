/*
 * SIGCHLD: a parent hears of its children's end, stop and continuation.  Called
 * by exit.c and signal_stop.c with the PROCESS_TABLE lock held, which keeps the
 * parent what it is; the child's own lock is not held.
 */
#include "signal.h"

static struct abi_sigaction
signal_child_action(struct process *parent)
{
	return signal_action_get(parent, KSIGCHLD);
}

static void
signal_child_post(struct process *child, int code, int status)
{
	struct signal_info info = {.signo = KSIGCHLD};

	signal_info_sender(&info, child, code);
	info.words[1] = (uint32_t)status;
	signal_post_locked(child->parent, NULL, &info);
}

void
signal_child_changed(struct process *process, int code, int status)
{
	if (!process->parent)
		return;
	process_has_news(process);
	if (!(signal_child_action(process->parent).flags & KSA_NOCLDSTOP))
		signal_child_post(process, code, status);
}

bool
signal_child_ended(struct process *process)
{
	uint32_t status = process->end_status;
	struct abi_sigaction action;
	int sig = status & 0x7f;

	if (!process->parent)
		return false;
	action = signal_child_action(process->parent);
	if (action.handler != KSIG_IGN)
		signal_child_post(process, sig ? KCLD_KILLED : KCLD_EXITED,
				  sig ? sig : (int)(status >> 8 & 0xff));
	return action.handler == KSIG_IGN || (action.flags & KSA_NOCLDWAIT);
}

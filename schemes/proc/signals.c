/*
 * proc:/<pid>/signals: one line a signal, six words: its name or number, what
 * is done at it, the handler, its flags, whether it is blocked, how many wait.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/signal.h"
#include "signal.h"
#include "trace/session.h"

static const struct {
	uint64_t flag;
	const char *name;
} flag_names[] = {
	{KSA_NOCLDSTOP, "nocldstop"}, {KSA_NOCLDWAIT, "nocldwait"},
	{KSA_SIGINFO, "siginfo"},     {KSA_ONSTACK, "onstack"},
	{KSA_RESTART, "restart"},     {KSA_NODEFER, "nodefer"},
	{KSA_RESETHAND, "resethand"},
};

static void
put_flags(struct text_buffer *buffer, uint64_t flags)
{
	bool any = false;

	for (unsigned i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]);
	     i++) {
		if (!(flags & flag_names[i].flag))
			continue;
		text_printf(buffer, "%s%s", any ? "," : "", flag_names[i].name);
		any = true;
	}
	if (!any)
		text_printf(buffer, "-");
}

/* PROCESS lock. */
static void
put_action(struct text_buffer *buffer, const struct process *process, int sig)
{
	const struct process_signal *signal = &process->signal;
	uint64_t bit = signal_bit(sig);
	const struct abi_sigaction *action =
		signal->actions ? &signal->actions[sig - 1] : NULL;

	if (action && (signal->caught & bit))
		text_printf(buffer, " caught 0x%lx ", action->handler);
	else
		text_printf(buffer, " %s - ",
			    signal->ignored & bit ? "ignored" : "default");
	put_flags(buffer, action ? action->flags : 0);
}

/* PROCESS lock. */
static void
put_signal(struct text_buffer *buffer, const struct process *process,
	   const struct thread *thread, int sig)
{
	const char *name = trace_signal_name(sig);
	uint64_t bit = signal_bit(sig);

	if (name)
		text_printf(buffer, "%s", name);
	else
		text_printf(buffer, "%d", sig);
	put_action(buffer, process, sig);
	text_printf(buffer, " %s %u\n",
		    thread->signal.blocked & bit ? "blocked" : "-",
		    signal_queue_waiting(&process->signal.pending, sig) +
			    signal_queue_waiting(&thread->signal.pending, sig));
}

static int
make(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct process *process = handle->spot.process;
	struct thread *thread = handle_thread(handle);

	if (!thread)
		return -ESRCH;
	spin_lock(&process->lock);
	for (int sig = 1; sig <= SIGNAL_MAX; sig++)
		put_signal(buffer, process, thread, sig);
	spin_unlock(&process->lock);
	thread_put(thread);
	return 0;
}

const struct proc_row signals_row = {
	.name = "signals",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make,
};

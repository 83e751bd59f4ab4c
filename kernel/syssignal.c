/*
 * Calls about signals: kill.  Dispatched by syscall.c.
 *
 * Process groups do not exist: pid 0 and pids below -1 name none, -ESRCH.
 */
#include "abi/errno.h"
#include "abi/signal.h"
#include "life.h"
#include "process.h"
#include "syscall.h"

static int
signal_send(struct thread *self, struct process *to, int sig)
{
	if (!signal_allowed(self->process, to))
		return -EPERM;
	return signal_post(to, sig);
}

static int
signal_send_one(struct thread *self, uint32_t pid, int sig)
{
	struct process *to = process_find(pid);
	int error;

	if (!to)
		return -ESRCH;
	error = signal_send(self, to, sig);
	process_put(to);
	return error;
}

/* Everybody but init and the sender: 0 if somebody got it. */
static int
signal_send_pass(struct thread *self, int sig)
{
	struct process *to;
	uint32_t pid = 1;
	int result = -ESRCH;

	while ((to = process_next(pid))) {
		int error = -ESRCH;

		pid = to->pid;
		if (to != self->process)
			error = signal_send(self, to, sig);
		process_put(to);
		if (!error || (result && error == -EPERM))
			result = error;
	}
	return result;
}

/* A child has a higher number than its parent and so comes later in the pass,
 * unless the numbers began again: the second pass is for those. */
static int
signal_send_all(struct thread *self, int sig)
{
	int result = signal_send_pass(self, sig);

	if (!result && sig == KSIGKILL)
		signal_send_pass(self, sig);
	return result;
}

int64_t
sys_kill(struct thread *self, int32_t pid, int sig)
{
	if (sig < 0 || sig > SIGNAL_MAX)
		return -EINVAL;
	if (pid > 0)
		return signal_send_one(self, (uint32_t)pid, sig);
	return pid == -1 ? signal_send_all(self, sig) : -ESRCH;
}

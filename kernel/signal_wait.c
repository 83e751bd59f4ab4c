/*
 * Calls that wait for signals: sigsuspend, pause, sigtimedwait.  Dispatched by
 * syssignal.c.
 *
 * sigsuspend's mask is the thread's until the handler's frame is made, which
 * holds the one before; if none is made, it comes back on the way to user mode.
 */
#include "signal.h"

#include "abi/errno.h"

int
signal_pause(struct thread *self)
{
	int error = 0;

	while (!error) {
		sched_prepare(self, SLEEP_INTERRUPTIBLE, "a signal");
		error = sched_sleep(self, DEADLINE_NONE);
	}
	return error;
}

int
signal_suspend(struct thread *self, uint64_t mask)
{
	self->signal.kept_mask = self->signal.blocked;
	self->signal.mask_kept = true;
	signal_mask_set(self, mask);
	return signal_pause(self);
}

/* ---- sigtimedwait ---- */

static bool
signal_await_take(struct thread *self, uint64_t set, struct signal_info *info)
{
	struct process *process = self->process;
	bool taken;

	spin_lock(&process->lock);
	taken = signal_queue_take(&self->signal.pending, set, info) ||
		signal_queue_take(&process->signal.pending, set, info);
	if (taken)
		signal_settle(self);
	spin_unlock(&process->lock);
	return taken;
}

static void
signal_await_set(struct thread *self, uint64_t set)
{
	spin_lock(&self->process->lock);
	self->signal.waited = set;
	signal_settle(self);
	spin_unlock(&self->process->lock);
}

static int
signal_await_sleep(struct thread *self, uint64_t set, uint64_t deadline,
		   struct signal_info *info)
{
	int error = 0;
	bool taken;

	for (;;) {
		sched_prepare(self, SLEEP_INTERRUPTIBLE, "a signal");
		taken = signal_await_take(self, set, info);
		if (taken || error)
			break;
		error = sched_sleep(self, deadline);
	}
	sched_awake(self);
	return taken ? info->signo : error;
}

int
signal_await(struct thread *self, uint64_t set, uint64_t deadline,
	     struct signal_info *info)
{
	int result;

	set &= ~SIGNALS_UNBLOCKABLE;
	if (signal_await_take(self, set, info))
		return info->signo;
	if (!deadline)
		return -EAGAIN;
	signal_await_set(self, set);
	result = signal_await_sleep(self, set, deadline, info);
	signal_await_set(self, 0);
	return result == -ETIMEDOUT ? -EAGAIN : result;
}

/*
 * Registers of another thread: read while it is held by anybody or sleeps in a
 * call, written while it is held.  Called by schemes/proc.
 *
 * Whoever reads or writes holds the thread itself meanwhile (hold_raise), so it
 * cannot start to run in between: nothing is torn.  Values are checked as a
 * whole, then set as a whole.
 */
#include "trace/session.h"
#include "abi/errno.h"

static void
regs_asleep(struct thread *thread, void *arg)
{
	arch_regs_get(&thread->arch, arg);
}

int
trace_regs_read(struct thread *thread, struct trace_regs *regs)
{
	struct trace_thread *trace = thread->trace;

	if (trace->ended)
		return -ESRCH;
	if (hold_raise(trace)) {
		arch_regs_get(&thread->arch, regs);
		hold_lower(thread, false);
		return 0;
	}
	return sched_if_asleep(thread, regs_asleep, regs) ? 0 : -EBUSY;
}

static enum arch_regs_at
regs_at(struct thread *thread)
{
	switch (atomic_load(&thread->trace->at)) {
	case AT_ENTER:
		return REGS_AT_ENTER;
	case AT_LEAVE:
		return REGS_AT_LEAVE;
	case AT_CALL:
		return REGS_IN_CALL;
	default:
		return thread->call ? REGS_IN_CALL : REGS_OUTSIDE;
	}
}

/* The thread is held by the caller too; TARGETS lock: one writer at a time. */
static int
regs_change(struct thread *thread, int (*change)(struct trace_regs *, void *),
	    void *arg)
{
	enum arch_regs_at at = regs_at(thread);
	struct trace_regs old, regs;
	int error;

	arch_regs_get(&thread->arch, &old);
	regs = old;
	error = change(&regs, arg);
	if (!error)
		error = arch_regs_check(&old, &regs, at);
	if (error)
		return error;
	arch_regs_set(&thread->arch, &regs);
	if (at == REGS_AT_ENTER && regs.orig_rax != old.orig_rax)
		thread->trace->given = false;
	atomic_fetch_or(&thread->arch.flags, THREAD_TOUCHED);
	return 0;
}

int
trace_regs_change(struct thread *thread,
		  int (*change)(struct trace_regs *, void *), void *arg)
{
	struct trace_process *targets = thread->process->trace;
	int error;

	if (thread->trace->ended)
		return -ESRCH;
	if (!hold_raise(thread->trace))
		return -EBUSY;
	spin_lock(&targets->lock);
	error = regs_change(thread, change, arg);
	spin_unlock(&targets->lock);
	hold_lower(thread, false);
	return error;
}

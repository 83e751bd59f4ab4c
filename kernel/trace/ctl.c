/*
 * The hold without an owner: `stop` and `run` in ctl.  Called by schemes/proc;
 * a thread that lands its own stop comes here from stop.c.
 *
 * It is one bit of a thread, which counts as one hold.  The bit is set under
 * TARGETS, the thread's count raised before: by itself, or by another while it
 * is kept asleep or held.  A session's `stop` takes the bit away and has the
 * count.
 */
#include "trace/hold.h"
#include "trace/trace.h"
#include "abi/errno.h"

void
ctl_land(struct trace_thread *trace)
{
	trace->ctl_wanted = false;
	if (!trace->ctl_held)
		atomic_fetch_add(&trace->holds, 1);
	trace->ctl_held = true;
}

/* Of two that want it root is remembered: no exec takes his right. */
void
ctl_by(struct trace_thread *trace, const struct asker *asker)
{
	bool others = trace->ctl_wanted || trace->ctl_held;

	if (!others || !asker->cred.euid)
		trace->ctl_asker = *asker;
}

static void
ctl_asleep(struct thread *thread, void *arg)
{
	(void)arg;
	ctl_land(thread->trace);
}

/* TARGETS lock. */
static void
ctl_stop_thread(struct thread *thread, const struct asker *asker)
{
	struct trace_thread *trace = thread->trace;

	ctl_by(trace, asker);
	if (trace->ctl_held || trace->ended)
		return;
	if (hold_raise(trace)) {
		trace->ctl_wanted = false;
		trace->ctl_held = true;
		return;
	}
	trace->ctl_wanted = true;
	thread_flag(thread, THREAD_HOLD);
	sched_if_asleep(thread, ctl_asleep, NULL);
}

static void
ctl_run_thread(struct thread *thread)
{
	struct trace_thread *trace = thread->trace;

	trace->ctl_wanted = false;
	if (atomic_exchange(&trace->ctl_held, false))
		hold_lower(thread, NULL);
}

/* Held by it is only who slept in execve, and parks in the new program. */
void
ctl_ask_again(struct thread *self)
{
	struct process *process = self->process;
	struct trace_thread *trace = self->trace;

	spin_lock(&process->lock);
	spin_lock(&process->trace->lock);
	if ((trace->ctl_wanted || trace->ctl_held) &&
	    rights_ask_again(&trace->ctl_asker, process, RIGHT_CONTROL))
		ctl_run_thread(self);
	spin_unlock(&process->trace->lock);
	spin_unlock(&process->lock);
	waitq_wake(&process->trace->parked);
}

/* PROCESS and TARGETS lock. */
static int
ctl_allowed(const struct process *process, const struct grant *grant)
{
	if (process->trace->gone)
		return -ESRCH;
	return grant_revoked(grant) ? -EACCES : 0;
}

/* Calls each living thread; PROCESS and TARGETS lock held in it. */
static int
ctl_each(struct process *process, const struct grant *grant, bool stop)
{
	int error;

	spin_lock(&process->lock);
	spin_lock(&process->trace->lock);
	error = ctl_allowed(process, grant);
	if (!error) {
		list_for_each(pos, &process->threads)
		{
			struct thread *thread =
				container_of(pos, struct thread, siblings);

			if (stop)
				ctl_stop_thread(thread, &grant->asker);
			else
				ctl_run_thread(thread);
		}
	}
	spin_unlock(&process->trace->lock);
	spin_unlock(&process->lock);
	return error;
}

int
ctl_run(struct process *process, const struct grant *grant)
{
	int error = ctl_each(process, grant, false);

	waitq_wake(&process->trace->parked);
	return error;
}

/* Is there no thread whose stop has still to land? */
static bool
ctl_landed(struct process *process)
{
	bool wanted = false;

	spin_lock(&process->lock);
	spin_lock(&process->trace->lock);
	list_for_each(pos, &process->threads)
	{
		struct thread *thread =
			container_of(pos, struct thread, siblings);

		wanted |= thread->trace->ctl_wanted;
	}
	wanted &= !process->trace->gone;
	spin_unlock(&process->trace->lock);
	spin_unlock(&process->lock);
	return !wanted;
}

int
ctl_stop(struct thread *self, struct process *process,
	 const struct grant *grant)
{
	int error = ctl_each(process, grant, true);

	if (error)
		return error;
	error = WAIT_FOR(&process->trace->parked, self, SLEEP_INTERRUPTIBLE,
			 "ctl stop", DEADLINE_NONE, ctl_landed(process));
	return !error && grant_revoked(grant) ? -EACCES : error;
}

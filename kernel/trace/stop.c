/*
 * The stop/resume handshake between a tracee and those who hold it.
 *
 * A tracee stops itself, and only where it calls trace_park.  A tracer touches
 * registers only between the event it read and its advance, so neither ever
 * sees the other half-way.
 *
 *	tracee					tracer
 *	event: holds = 1, queued  ---------->	read trace
 *	trace_park: asleep			   read regs, mem; write them
 *	holds = 0, runs  <-------------------	next read, or a verb
 *
 * A thread runs if and only if its count of holds is 0, or it is killed.  The
 * count is raised by the thread itself, or by anybody while it is not 0
 * (hold_raise): so nobody can stop a thread that is on its way out.  Each hold
 * is one session's and is changed with that session's lock held; the locks are
 * TARGETS, then SESSION.  Death ends holds by holds_drop, which is a release
 * like any other.  Nothing here holds a lock while it sleeps.
 */
#include "trace/hold.h"
#include "sched_sleep.h"
#include "trace/trace.h"
#include "abi/errno.h"
#include "heap.h"

bool
hold_raise(struct trace_thread *trace)
{
	uint32_t holds = atomic_load(&trace->holds);

	while (holds)
		if (atomic_compare_exchange_weak(&trace->holds, &holds,
						 holds + 1))
			return true;
	return false;
}

void
hold_put(struct session *session, struct hold *hold)
{
	(void)session;
	if (--hold->refs == 0)
		heap_free(hold);
}

/* ---- the tracee's side ---- */

/* Death ends every hold of the running thread. */
static __attribute__((noinline)) void
holds_drop(struct thread *self)
{
	struct trace_process *targets = self->process->trace;
	struct trace_thread *trace = self->trace;

	spin_lock(&targets->lock);
	list_for_each(pos, &trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		spin_lock(&hold->session->lock);
		hold->stop_wanted = false;
		if (hold->state != HOLD_NONE)
			hold_end(hold, NULL);
		spin_unlock(&hold->session->lock);
	}
	trace->ctl_wanted = false;
	if (atomic_exchange(&trace->ctl_held, false))
		hold_lower(self, NULL);
	spin_unlock(&targets->lock);
}

/* It was woken and is held still, or is killed. */
static __attribute__((noinline)) void
park_again(struct thread *self, int killed)
{
	struct trace_thread *trace = self->trace;

	while (!killed && atomic_load(&trace->holds))
		killed = sched_sleep_while(self, SLEEP_KILLABLE, "held",
					   &trace->holds, NULL, arch_time_ns());
	if (killed)
		holds_drop(self);
}

uint64_t
trace_park_since(struct thread *self, uint64_t since, struct thread *to)
{
	struct trace_thread *trace = self->trace;
	uint64_t runs_since;
	int killed;

	self->sched.next = DOING_HELD;
	atomic_store(&trace->parked, true);
	if (!waitq_empty_plain(&self->process->trace->parked))
		waitq_wake(&self->process->trace->parked);
	killed = sched_sleep_while(self, SLEEP_KILLABLE, "held", &trace->holds,
				   to, since);
	if (killed || atomic_load(&trace->holds))
		park_again(self, killed);
	self->sched.next = DOING_WAIT;
	atomic_store_explicit(&trace->parked, false, memory_order_relaxed);
	runs_since = sched_since(self);
	return runs_since > since ? runs_since : since; /* it did not sleep */
}

/* A wanted stop lands: SESSION lock; the thread's count is raised already. */
static void
stop_land(struct hold *hold, bool asleep)
{
	const struct thread *thread = hold->thread;
	struct record record;

	event_begin(&record, TRACE_EV_stop, hold->thread);
	if (asleep && thread->call && !atomic_load(&thread->trace->parked))
		record.flags = TRACE_EF_ASLEEP;
	hold->stop_wanted = false;
	hold_queue(hold, &hold->node, &record);
}

/* All stops that are wanted of the running thread land; one whose session holds
 * it at another event lands when that hold is over. */
static void
stops_land(struct thread *self, bool asleep)
{
	struct trace_process *targets = self->process->trace;
	struct trace_thread *trace = self->trace;

	spin_lock(&targets->lock);
	list_for_each(pos, &trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		spin_lock(&hold->session->lock);
		if (hold->stop_wanted && hold->state == HOLD_NONE &&
		    !hold->node.queued) {
			atomic_fetch_add(&trace->holds, 1);
			stop_land(hold, asleep);
			session_wake(hold->session, NULL);
		}
		spin_unlock(&hold->session->lock);
	}
	if (trace->ctl_wanted)
		ctl_land(trace);
	spin_unlock(&targets->lock);
}

void
trace_before_sleep(struct thread *self)
{
	if (!self->process || !self->process->trace)
		return;
	stops_land(self, true);
	waitq_wake(&self->process->trace->parked);
}

void
trace_user_return(struct thread *self)
{
	thread_unflag(self, THREAD_HOLD);
	if (thread_flags(self) & THREAD_KILLED)
		return;
	stops_land(self, false);
	trace_park(self);
}

bool
trace_hold_in_sleep(struct thread *self)
{
	if (thread_flags(self) & THREAD_HOLD)
		stops_land(self, true);
	if (!atomic_load(&self->trace->holds))
		return false;
	trace_park(self);
	return true;
}

/* ---- `stop` of a session ---- */

struct landing {
	struct hold *hold;
	struct trace_thread *trace;
	bool landed;
};

/* THREAD lock: the thread stays asleep. */
static void
stop_asleep(struct thread *thread, void *arg)
{
	struct landing *landing = arg;
	struct trace_thread *trace = thread->trace;

	atomic_fetch_add(&trace->holds, 1);
	stop_land(landing->hold, true);
	landing->landed = true;
}

void
hold_stop(struct hold *hold)
{
	struct landing landing = {.hold = hold};
	bool ownerless;

	if (hold->state == HOLD_NONE &&
	    (hold->node.queued || hold->end.event.type))
		return; /* its thread ends: `end` answers, or has done so */
	ownerless = atomic_exchange(&hold->thread->trace->ctl_held, false);
	if (hold->state != HOLD_NONE) {
		hold->by_verb = true;
		if (ownerless)
			hold_lower(hold->thread, NULL);
		return;
	}
	if (ownerless || hold_raise(hold->thread->trace)) {
		stop_land(hold, sched_is_asleep(hold->thread));
		landing.landed = true;
	} else {
		hold->stop_wanted = true;
		thread_flag(hold->thread, THREAD_HOLD);
		sched_if_asleep(hold->thread, stop_asleep, &landing);
	}
	if (landing.landed)
		session_wake(hold->session, NULL);
}

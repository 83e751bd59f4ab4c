/*
 * The stop/resume handshake between a tracee and those who hold it.
 *
 * A tracee stops itself, and only where it calls trace_park.  A tracer touches
 *registers only between the event it read and its advance, so neither ever sees
 *the other half-way.
 *
 *	tracee					tracer
 *	event: holds = 1, queued  ---------->	read trace
 *	trace_park: asleep			   read regs, mem; write them
 *	holds = 0, runs  <-------------------	next read, or a verb
 *
 * A thread runs if and only if its count of holds is 0, or it is killed.  The
 *count is raised by the thread itself, or by anybody while it is not 0
 *(hold_raise): so nobody can stop a thread that is on its way out.  Each hold
 *is one session's and is changed with that session's lock held; the locks are
 *TARGETS, then SESSION.  Death ends holds by holds_drop, which is a release
 *like any other.  Nothing here holds a lock while it sleeps.
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
	if (trace->ctl_held) {
		trace->ctl_held = false;
		hold_lower(self, NULL);
	}
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

	atomic_store(&trace->parked, true);
	if (!waitq_empty_plain(&self->process->trace->parked))
		waitq_wake(&self->process->trace->parked);
	killed = sched_sleep_while(self, SLEEP_KILLABLE, "held", &trace->holds,
				   to, since);
	if (killed || atomic_load(&trace->holds))
		park_again(self, killed);
	atomic_store_explicit(&trace->parked, false, memory_order_relaxed);
	runs_since = sched_since(self);
	if (runs_since <= since) /* it did not sleep */
		return since;
	trace->held_ns += runs_since - since;
	return runs_since;
}

/* A wanted stop lands: SESSION lock; the thread's count is raised already. */
static void
stop_land(struct hold *hold, bool asleep)
{
	struct record record;

	event_begin(&record, TRACE_EV_stop, hold->thread);
	if (asleep)
		record.flags = TRACE_EF_ASLEEP;
	hold->stop_wanted = false;
	hold_queue(hold, &hold->node, &record);
}

/* ctl's stop lands: TARGETS lock; the count is this thread's to raise, or it is
 * kept asleep. */
static void
ctl_land(struct trace_thread *trace)
{
	trace->ctl_wanted = false;
	if (!trace->ctl_held)
		atomic_fetch_add(&trace->holds, 1);
	trace->ctl_held = true;
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
	stops_land(self, !atomic_load(&self->trace->parked));
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

/* ---- `stop`, of a session and of ctl ---- */

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
	stop_land(landing->hold, !atomic_load(&trace->parked));
	landing->landed = true;
}

/* SESSION lock. */
static void
hold_stop(struct hold *hold)
{
	struct landing landing = {.hold = hold};

	if (hold->state != HOLD_NONE) {
		hold->by_verb = true;
		return;
	}
	if (hold->node.queued) /* its thread was killed while held: `end`
				  answers */
		return;
	if (hold_raise(hold->thread->trace)) {
		stop_land(hold, false);
		landing.landed = true;
	} else {
		hold->stop_wanted = true;
		thread_flag(hold->thread, THREAD_HOLD);
		sched_if_asleep(hold->thread, stop_asleep, &landing);
	}
	if (landing.landed)
		session_wake(hold->session, NULL);
}

static void
ctl_asleep(struct thread *thread, void *arg)
{
	(void)arg;
	ctl_land(thread->trace);
}

/* TARGETS lock. */
static void
ctl_stop_thread(struct thread *thread)
{
	struct trace_thread *trace = thread->trace;

	if (trace->ctl_held || trace->ended)
		return;
	if (hold_raise(trace)) {
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
	if (!trace->ctl_held)
		return;
	trace->ctl_held = false;
	hold_lower(thread, NULL);
}

/* Calls each living thread; PROCESS and TARGETS lock held in it. */
static int
ctl_each(struct process *process, bool stop)
{
	int error = -ESRCH;

	spin_lock(&process->lock);
	spin_lock(&process->trace->lock);
	if (!process->trace->gone) {
		process->trace->ctl_held = stop;
		error = 0;
		list_for_each(pos, &process->threads)
		{
			struct thread *thread =
				container_of(pos, struct thread, siblings);

			if (stop)
				ctl_stop_thread(thread);
			else
				ctl_run_thread(thread);
		}
	}
	spin_unlock(&process->trace->lock);
	spin_unlock(&process->lock);
	return error;
}

int
ctl_run(struct process *process)
{
	int error = ctl_each(process, false);

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
ctl_stop(struct thread *self, struct process *process)
{
	int error = ctl_each(process, true);

	if (error)
		return error;
	return WAIT_FOR(&process->trace->parked, self, SLEEP_INTERRUPTIBLE,
			"ctl stop", DEADLINE_NONE, ctl_landed(process));
}

/* ---- verbs ---- */

struct act {
	struct session *session;
	struct who who;
	int (*act)(struct hold *, struct act *);
	bool needs_hold;
	const uint64_t *words;
	bool first; /* no event was delivered yet, and nobody was named */
};

static bool
hold_over(const struct hold *hold)
{
	return !hold->target || hold->thread->trace->ended;
}

/* The hold of the event with this seq, or -errno. */
static int
find_seq(struct session *session, uint64_t seq, bool needs_hold,
	 struct hold **found)
{
	if (seq > session->delivered_seq)
		return list_empty(&session->targets) ? -ESRCH : -ESTALE;
	if (seq == session->delivered_seq) {
		struct hold *hold = session->current;

		if (!hold || hold_over(hold))
			return -ESRCH;
		*found = hold;
		return needs_hold && (hold->state != HOLD_DELIVERED ||
				      hold->held_by->event.seq != seq)
			       ? -ESTALE
			       : 0;
	}
	list_for_each(pos, &session->delivered)
	{
		*found = container_of(pos, struct hold, delivered);
		if ((*found)->held_by->event.seq == seq)
			return hold_over(*found) ? -ESRCH : 0;
	}
	return list_empty(&session->targets) ? -ESRCH : -ESTALE;
}

/* One hold that a tid, a pid or `all` names.  `all` lets pass what it does not
 * fit. */
static int
act_named(struct hold *hold, struct act *act)
{
	bool all = act->who.kind == WHO_ALL;

	if (hold_over(hold))
		return all ? 0 : -ESRCH;
	if (act->needs_hold && hold->state == HOLD_NONE && !hold->stop_wanted)
		return all ? 0 : -EBUSY;
	if (act->needs_hold && hold->state == HOLD_QUEUED && act->first)
		return -ESTALE;
	return act->act(hold, act);
}

static bool
who_fits(const struct who *who, const struct hold *hold)
{
	if (who->kind == WHO_TID)
		return hold->thread->tid == who->number;
	if (who->kind == WHO_PID)
		return hold->target->process->pid == who->number;
	return true;
}

/* Of several threads that a pid or `all` names, one success is success; but
 * what could not be done although it was to be is told. */
static int
act_each(struct act *act)
{
	int error = act->who.kind == WHO_ALL ? 0 : -ESRCH;
	bool done = false;

	list_for_each(t, &act->session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		list_for_each(pos, &target->holds)
		{
			struct hold *hold =
				container_of(pos, struct hold, by_target);
			int result;

			if (!who_fits(&act->who, hold))
				continue;
			result = act_named(hold, act);
			if (result == -EAGAIN || result == -ENOSPC ||
			    result == -ENOMEM)
				return result;
			done |= result == 0;
			error = result;
		}
	}
	return done ? 0 : error;
}

/* Before the first event: the process that the session was opened on. */
static int
act_first(struct act *act)
{
	if (!act->session->first)
		return -ESRCH;
	act->who = (struct who){.kind = WHO_PID,
				.number = act->session->first->pid};
	act->first = true;
	return act_each(act);
}

static int
act_once(struct act *act)
{
	struct session *session = act->session;
	struct hold *hold = NULL;
	int error;

	spin_lock(&session->lock);
	if (act->who.kind == WHO_CURRENT && !session->delivered_seq) {
		error = act_first(act);
	} else if (act->who.kind == WHO_CURRENT || act->who.kind == WHO_SEQ) {
		error = find_seq(session,
				 act->who.kind == WHO_SEQ
					 ? act->who.number
					 : session->delivered_seq,
				 act->needs_hold, &hold);
		if (!error)
			error = act->act(hold, act);
	} else {
		error = act_each(act);
	}
	spin_unlock(&session->lock);
	return error;
}

/* A reader that copies an event out right now is waited for: it holds no lock
 * and waits for nobody. */
static int
act_run(struct act *act)
{
	struct act again = *act;
	int error;

	while ((error = act_once(&again)) == -EAGAIN) {
		again = *act;
		sched_yield(thread_self());
	}
	return error;
}

/* -ENOSPC: too many wait to be read already.
 * The event of a hold that ends before it was read gets a node of its own: the
 * thread may soon make another. */
static int
keep_as_log(struct hold *hold)
{
	struct event_node *node;

	if (hold->session->kept == LOG_NODES)
		return -ENOSPC;
	node = heap_zalloc(sizeof(*node));
	if (!node)
		return -ENOMEM;
	hold->session->kept++;
	node->kind = NODE_HEAP;
	node->queued = true;
	node->text = hold->node.text;
	node->event = hold->node.event;
	node->event.flags &= (uint16_t)~TRACE_EF_HOLD;
	list_insert(&node->link, hold->node.link.prev, hold->node.link.next);
	list_init(&hold->node.link);
	hold->node.text = NULL;
	hold->node.queued = false;
	hold_put(hold->session, hold);
	return 0;
}

static int
act_let_go(struct hold *hold, struct act *act)
{
	(void)act;
	if (hold->state == HOLD_NONE) {
		hold->stop_wanted = false;
		return 0;
	}
	if (hold->session->reading && hold->held_by->frozen)
		return -EAGAIN; /* a reader is copying it */
	if (hold->state == HOLD_QUEUED && hold->held_by == &hold->node) {
		int error = keep_as_log(hold);

		if (error)
			return error;
	}
	hold_end(hold, NULL);
	return 0;
}

int
session_run(struct session *session, struct who who)
{
	struct act act = {session, who, act_let_go, true, NULL, false};

	return act_run(&act);
}

static int
act_stop(struct hold *hold, struct act *act)
{
	(void)act;
	hold_stop(hold);
	return 0;
}

int
session_stop(struct session *session, struct who who)
{
	struct act act = {session, who, act_stop, false, NULL, false};

	return act_run(&act);
}

static int
act_return(struct hold *hold, struct act *act)
{
	struct trace_thread *trace = hold->thread->trace;
	uint32_t at = atomic_load(&trace->at);

	if (hold->state == HOLD_NONE || (at != AT_ENTER && at != AT_LEAVE))
		return -EBUSY;
	if (at == AT_ENTER) {
		trace->given = true;
		trace->value = (int64_t)act->words[0];
	} else {
		thread_frame(hold->thread)->rax = act->words[0];
	}
	return 0;
}

int
session_return(struct session *session, struct who who, int64_t value)
{
	uint64_t word = (uint64_t)value;
	struct act act = {session, who, act_return, true, &word, false};

	return act_run(&act);
}

static int
act_args(struct hold *hold, struct act *act)
{
	struct trace_thread *trace = hold->thread->trace;

	if (hold->state == HOLD_NONE || atomic_load(&trace->at) != AT_ENTER)
		return -EBUSY;
	arch_call_set(thread_frame(hold->thread), act->words[0],
		      act->words + 1);
	trace->given = false;
	return 0;
}

int
session_args(struct session *session, struct who who,
	     const uint64_t number_and_arguments[7])
{
	struct act act = {session, who, act_args, true, number_and_arguments,
			  false};

	return act_run(&act);
}

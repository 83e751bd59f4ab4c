/*
 * Making an event for everybody who wants it.  Called by boundary.c in the
 * thread that the event is about.
 *
 * Every session is asked once, on what the program asked; all records are made
 * before the thread sleeps; then it parks until the last hold is gone.  Only
 * where it could be held does a thread wait for room in a full queue.  What a
 * rule does without an event is quiet.c's.
 */
#include "trace/emit.h"
#include "abi/errno.h"

/* Before a tracer may edit the frame, while there are records to make still:
 * what the program asked. */
static void
emission_keep(struct emission *emission)
{
	struct record *record = &emission->record;

	if (!is_call_event(record->type) || record->saved)
		return;
	call_arguments(thread_frame(record->thread), emission->kept);
	record->saved = emission->kept;
}

/* A decision other than a log, or a hold that may be one. */
static __attribute__((noinline)) enum trace_action
judge_rest(struct emission *emission, struct hold *hold,
	   struct decision decision)
{
	enum trace_action action = (enum trace_action)decision.action;

	if (action > ACTION_HOLD) {
		quiet_note(emission, hold, &decision);
		action = ACTION_OFF;
	}
	if (emission->is_end || action == ACTION_HOLD)
		return ACTION_LOG;
	return action;
}

/* SESSION lock. */
static inline __attribute__((always_inline)) enum trace_action
judge(struct emission *emission, struct hold *hold)
{
	struct session *session = hold->session;
	struct decision decision;

	if (session->dead)
		return ACTION_OFF;
	decision = rule_judge(session, &emission->record);
	session->hits[decision.rule]++;
	if (decision.action == ACTION_HOLD && emission->may_hold)
		return ACTION_HOLD;
	if (decision.action == ACTION_LOG)
		return ACTION_LOG;
	return judge_rest(emission, hold, decision);
}

/* SESSION lock. */
static inline __attribute__((always_inline)) void
make_hold(struct emission *emission, struct hold *hold)
{
	struct event_node *node = emission->is_end ? &hold->end : &hold->node;

	atomic_fetch_add(&emission->record.thread->trace->holds, 1);
	if (session_takes(hold->session)) {
		hold_give(hold, node, &emission->record, &emission->to);
	} else {
		hold_queue(hold, node, &emission->record);
		session_wake(hold->session, &emission->to);
	}
}

static __attribute__((noinline)) void
make_hold_late(struct emission *emission, struct hold *hold)
{
	make_hold(emission, hold);
}

/* SESSION lock.  true: done, false: there is no room. */
static __attribute__((noinline)) bool
make_one(struct emission *emission, struct hold *hold)
{
	struct session *session = hold->session;

	if (hold->act == ACTION_HOLD) {
		make_hold_late(emission, hold);
		return true;
	}
	if (emission->is_end) {
		event_queue(session, &hold->end, &emission->record, 0);
		session_wake(session, NULL);
		return true;
	}
	if (!event_log(session, hold, &emission->record))
		return false;
	session_wake_late(session, emission->record.thread);
	return true;
}

/* SESSION lock. */
static __attribute__((noinline)) void
make_or_wait(struct emission *emission, struct hold *hold)
{
	struct session *session = hold->session;

	if (hold->act == ACTION_OFF)
		return;
	if (session->dead || make_one(emission, hold)) {
		hold->act = ACTION_OFF;
	} else if (!(emission->rest & REST_ROOM)) {
		emission->rest |= REST_ROOM;
		emission->full = session;
		atomic_fetch_add(&session->refs, 1);
	}
}

/* TARGETS lock. */
static void
make_all(struct emission *emission, struct list *holds)
{
	list_for_each(pos, holds)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		if (hold->act == ACTION_OFF)
			continue;
		spin_lock(&hold->session->lock);
		make_or_wait(emission, hold);
		spin_unlock(&hold->session->lock);
	}
}

/* TARGETS lock: every session is asked before one is told. */
static __attribute__((noinline)) void
judge_all(struct emission *emission, struct list *holds)
{
	emission_keep(emission);
	list_for_each(pos, holds)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		spin_lock(&hold->session->lock);
		hold->act = judge(emission, hold);
		spin_unlock(&hold->session->lock);
	}
	if (emission->rest)
		quiet_edit(emission);
	make_all(emission, holds);
}

/* TARGETS lock: a single session is asked and told at once; there may be none.
 */
static void
judge_one(struct emission *emission, struct list *holds)
{
	struct hold *hold = container_of(holds->next, struct hold, by_thread);

	if (list_empty(holds))
		return;
	spin_lock_next(&hold->session->lock);
	hold->act = judge(emission, hold);
	if (hold->act == ACTION_HOLD)
		make_hold(emission, hold);
	else if (hold->act != ACTION_OFF)
		make_or_wait(emission, hold);
	else if (emission->rest)
		quiet_edit(emission);
	spin_unlock_next(&hold->session->lock);
}

static bool
has_room(struct session *session)
{
	bool room;

	spin_lock(&session->lock);
	room = session->dead || session->drop || event_has_room(session);
	spin_unlock(&session->lock);
	return room;
}

/* Until the session that was full has room or is closed; -EINTR: this thread is
 * killed. */
static int
wait_for_room(struct emission *emission)
{
	struct thread *self = emission->record.thread;
	struct session *session = emission->full;
	int error;

	emission_keep(emission);
	if (emission->to)
		sched_queue(emission->to);
	emission->to = NULL;
	atomic_store(&self->trace->kept_by, session->opener->pid);
	error = WAIT_FOR(&session->room, self, SLEEP_KILLABLE,
			 "room in a trace queue", DEADLINE_NONE,
			 has_room(session));
	atomic_store(&self->trace->kept_by, 0);
	session_put(session);
	emission->rest &= (uint16_t)~REST_ROOM;
	return error;
}

/* The records for which there was no room. */
static void
emit_rest(struct emission *emission, struct list *holds)
{
	struct thread *self = emission->record.thread;
	struct trace_process *targets = self->process->trace;

	while (emission->rest & REST_ROOM && !wait_for_room(emission)) {
		spin_lock(&targets->lock);
		make_all(emission, holds);
		spin_unlock(&targets->lock);
	}
	emission->record.time_ns = arch_time_ns();
}

/* Until the last hold is gone: the time. */
static inline __attribute__((always_inline)) uint64_t
emit_park(struct emission *emission)
{
	struct thread *self = emission->record.thread;

	if (!emission->to &&
	    !atomic_load_explicit(&self->trace->holds, memory_order_relaxed))
		return emission->record.time_ns;
	return trace_park_since(self, emission->record.time_ns, emission->to);
}

static __attribute__((noinline)) uint64_t
emit_slow(struct emission *emission)
{
	quiet_kill(emission);
	emit_rest(emission, &emission->record.thread->trace->holds_list);
	return quiet_delay(emission, emit_park(emission));
}

uint64_t
emit(struct emission *emission)
{
	struct thread *self = emission->record.thread;
	struct trace_process *targets = self->process->trace;
	struct list *holds = &self->trace->holds_list;

	if (atomic_load_explicit(&self->trace->holds, memory_order_relaxed))
		emission->record.time_ns =
			trace_park_since(self, arch_time_ns(), NULL);
	/* killed: its holds were dropped, but the events that lie in them may
	 * be unread */
	if (thread_flags(self) & THREAD_KILLED && emission->may_hold &&
	    !emission->is_end)
		return emission->record.time_ns;
	spin_lock_first(&targets->lock);
	if (holds->next == holds->prev)
		judge_one(emission, holds);
	else
		judge_all(emission, holds);
	spin_unlock_first(&targets->lock);
	if (emission->rest)
		return emit_slow(emission);
	return emit_park(emission);
}

/*
 * The points at which a thread may make an event: entry and leave of a call,
 * fork, exec, start, end.  Called by syscall.c and by fork, exec, exit.
 *
 * Every session is asked once, on what the program asked; all records are made
 * before the thread sleeps; then it parks until the last hold is gone.  Only
 * where it could be held does a thread wait for room in a full queue.  What a
 * tracer has written while the thread was held is what counts afterwards: so
 * number and arguments are read from the frame again.
 */
#include "trace/hold.h"
#include "trace/trace.h"
#include "abi/errno.h"
#include "heap.h"
#include "text.h"

int
trace_process_init(struct process *process)
{
	struct trace_process *trace = heap_zalloc(sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	spin_init(&trace->lock, RANK_TARGETS);
	list_init(&trace->targets);
	list_init(&trace->opened);
	list_init(&trace->visit);
	waitq_init(&trace->parked);
	trace->process = process;
	process->trace = trace;
	return 0;
}

void
trace_process_free(struct process *process)
{
	heap_free(process->trace);
	process->trace = NULL;
}

int
trace_thread_init(struct thread *thread)
{
	struct trace_thread *trace = heap_zalloc(sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	list_init(&trace->holds_list);
	thread->trace = trace;
	return 0;
}

void
trace_thread_free(struct thread *thread)
{
	heap_free(thread->trace);
	thread->trace = NULL;
}

/* ---- making an event for everybody who wants it ---- */

struct emission {
	struct record record;
	bool is_end; /* it has a place of its own, and comes to every session */
	bool may_hold;	      /* else a rule's hold is a log */
	struct session *full; /* referenced: the first one that had no room */
	struct thread *to;    /* a reader that was woken: it runs next */
	uint64_t kept[SYSCALL_MAX_ARGS];
};

static inline void
emission_begin(struct emission *emission, unsigned type, struct thread *self)
{
	event_begin(&emission->record, type, self);
	emission->is_end = false;
	emission->may_hold = true;
	emission->full = NULL;
	emission->to = NULL;
}

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

/* SESSION lock. */
static inline __attribute__((always_inline)) enum trace_action
judge(const struct emission *emission, const struct session *session)
{
	enum trace_action action;

	if (session->dead)
		return ACTION_OFF;
	action = rule_judge(session, &emission->record);
	if (emission->is_end && action != ACTION_HOLD)
		return ACTION_LOG;
	if (action == ACTION_HOLD && !emission->may_hold)
		return ACTION_LOG;
	return action;
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
	if (emission->is_end)
		event_queue(session, &hold->end, &emission->record, 0);
	else if (!event_log(session, &emission->record))
		return false;
	session_wake(session, NULL);
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
	} else if (!emission->full) {
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
		hold->act = judge(emission, hold->session);
		spin_unlock(&hold->session->lock);
	}
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
	hold->act = judge(emission, hold->session);
	if (hold->act == ACTION_HOLD)
		make_hold(emission, hold);
	else
		make_or_wait(emission, hold);
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
	struct session *session = emission->full;
	int error;

	emission_keep(emission);
	if (emission->to)
		sched_queue(emission->to);
	emission->to = NULL;
	error = WAIT_FOR(&session->room, emission->record.thread,
			 SLEEP_KILLABLE, "room in a trace queue", DEADLINE_NONE,
			 has_room(session));
	session_put(session);
	emission->full = NULL;
	return error;
}

/* The records for which there was no room. */
static __attribute__((noinline)) void
emit_rest(struct emission *emission, struct list *holds)
{
	struct thread *self = emission->record.thread;
	struct trace_process *targets = self->process->trace;

	while (emission->full && !wait_for_room(emission)) {
		spin_lock(&targets->lock);
		make_all(emission, holds);
		spin_unlock(&targets->lock);
	}
}

/* Returns when the thread may go on: the time. */
static uint64_t
emit(struct emission *emission)
{
	struct thread *self = emission->record.thread;
	struct trace_process *targets = self->process->trace;
	struct list *holds = &self->trace->holds_list;

	trace_park(self);
	spin_lock_first(&targets->lock);
	if (holds->next == holds->prev)
		judge_one(emission, holds);
	else
		judge_all(emission, holds);
	spin_unlock_first(&targets->lock);
	if (emission->full)
		emit_rest(emission, holds);
	if (!emission->to &&
	    !atomic_load_explicit(&self->trace->holds, memory_order_relaxed))
		return emission->record.time_ns;
	return trace_park_since(self, emission->record.time_ns, emission->to);
}

/* ---- the points ---- */

static bool
traced(const struct thread *thread)
{
	return !list_empty(&thread->trace->holds_list);
}

static bool
mask_has(const _Atomic uint64_t *mask, uint64_t number)
{
	unsigned slot = call_slot(number);

	return atomic_load_explicit(&mask[slot / 64], memory_order_acquire) >>
		       (slot % 64) &
	       1;
}

static uint64_t
emit_enter(struct thread *self, const struct frame *frame)
{
	struct emission emission;
	uint64_t now;

	emission_begin(&emission, TRACE_EV_enter, self);
	emission.record.number = frame->orig_rax;
	atomic_store_explicit(&self->trace->at, AT_ENTER, memory_order_release);
	now = emit(&emission);
	atomic_store_explicit(&self->trace->at, AT_USER, memory_order_release);
	return now;
}

bool
trace_enter(struct thread *self, struct frame *frame)
{
	struct trace_process *targets = self->process->trace;
	struct trace_thread *trace = self->trace;
	uint64_t now = 0;

	if ((thread_flags(self) & THREAD_RULES) &&
	    mask_has(targets->enter_mask, frame->orig_rax))
		now = emit_enter(self, frame);
	if (thread_flags(self) & THREAD_KILLED) {
		frame->rax = (uint64_t)-EINTR;
		return false;
	}
	if (mask_has(targets->leave_mask, frame->orig_rax)) {
		trace->call[0] = frame->orig_rax;
		call_arguments(frame, &trace->call[1]);
		trace->call_saved = true;
		trace->held_ns = 0;
		trace->entered_ns = now ? now : arch_time_ns();
		atomic_fetch_or(&self->arch.flags, THREAD_LEAVE);
	}
	if (!trace->given)
		return true;
	frame->rax = (uint64_t)trace->value;
	/* also where nobody wants its leave: the next call is not given */
	atomic_fetch_or(&self->arch.flags, THREAD_LEAVE);
	return false;
}

/* The call as it was finally run; a rule that came while it ran finds the
 * registers still there. */
static void
leave_words(struct thread *self, const struct frame *frame,
	    struct record *record)
{
	struct trace_thread *trace = self->trace;

	if (trace->call_saved) {
		record->number = trace->call[0];
		record->saved = &trace->call[1];
		record->elapsed_ns =
			record->time_ns - trace->entered_ns - trace->held_ns;
	} else {
		record->number = self->call;
	}
	record->result = frame->rax;
	if (trace->given)
		record->flags |= TRACE_EF_UNRUN;
}

void
trace_leave(struct thread *self, struct frame *frame)
{
	struct trace_thread *trace = self->trace;
	struct emission emission;

	trace_park(self);
	if (!(thread_flags(self) & THREAD_LEAVE))
		return;
	atomic_fetch_and(&self->arch.flags, ~(uint32_t)THREAD_LEAVE);
	emission_begin(&emission, TRACE_EV_leave, self);
	leave_words(self, frame, &emission.record);
	trace->call_saved = false;
	trace->given = false;
	if (!mask_has(self->process->trace->leave_mask,
		      emission.record.number) ||
	    (thread_flags(self) & THREAD_KILLED))
		return;
	atomic_store(&trace->at, AT_LEAVE);
	emit(&emission);
	atomic_store(&trace->at, AT_USER);
}

void
trace_fork(struct thread *self, struct process *child)
{
	struct emission emission;

	if (!traced(self))
		return;
	emission_begin(&emission, TRACE_EV_fork, self);
	emission.may_hold = false;
	emission.record.number = child->pid;
	emit(&emission);
}

void
trace_exec(struct thread *self, const char *path)
{
	struct emission emission;

	if (!traced(self))
		return;
	thread_frame(self)->orig_rax = self->call;
	emission_begin(&emission, TRACE_EV_exec, self);
	emission.record.text = event_text_create(path, TRACE_PAYLOAD_PATH);
	atomic_store(&self->trace->at, AT_CALL);
	emit(&emission);
	atomic_store(&self->trace->at, AT_USER);
	event_text_put(emission.record.text);
}

/* No stop lands on the thread from now on, those who wait for one are told; and
 * a session that joined since the event was made gets it as well. */
static void
end_seal(struct thread *self, const struct record *record)
{
	struct trace_process *targets = self->process->trace;

	spin_lock(&targets->lock);
	self->trace->ended = true;
	self->trace->ctl_wanted = false;
	list_for_each(pos, &self->trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);
		struct session *session = hold->session;

		spin_lock(&session->lock);
		hold->stop_wanted = false;
		if (!hold->end.event.type && !session->dead) {
			event_queue(session, &hold->end, record, 0);
			session_wake(session, NULL);
		}
		spin_unlock(&session->lock);
	}
	spin_unlock(&targets->lock);
	waitq_wake(&targets->parked);
}

void
trace_end(struct thread *self, uint32_t wait_status, bool killed)
{
	struct emission emission;

	emission_begin(&emission, TRACE_EV_end, self);
	emission.is_end = true;
	emission.may_hold = !killed;
	if (wait_status & 0x7f) {
		emission.record.flags = TRACE_EF_SIGNALED;
		emission.record.number = wait_status & 0x7f;
	} else {
		emission.record.number = wait_status >> 8 & 0xff;
	}
	if (traced(self)) {
		atomic_store(&self->trace->at, AT_END);
		emit(&emission);
	}
	end_seal(self, &emission.record);
}

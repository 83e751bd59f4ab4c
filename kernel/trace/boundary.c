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
#include "trace/session.h"
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
	struct thread *thread;
	const struct trace_event *event;
	struct event_text *text;
	bool is_end; /* it has a place of its own, and comes to every session */
	bool may_hold;	      /* else a rule's hold is a log */
	struct session *full; /* referenced: the last one that had no room */
};

static enum trace_action
judge(const struct emission *emission, const struct session *session)
{
	enum trace_action action = rule_judge(session, emission->event);

	if (emission->is_end && action != ACTION_HOLD)
		return ACTION_LOG;
	if (action == ACTION_HOLD && !emission->may_hold)
		return ACTION_LOG;
	return action;
}

/* SESSION lock.  true: done, false: there is no room. */
static bool
make_one(struct emission *emission, struct hold *hold)
{
	struct session *session = hold->session;

	if (hold->act == ACTION_HOLD) {
		atomic_fetch_add(&emission->thread->trace->holds, 1);
		hold_queue(hold, emission->is_end ? &hold->end : &hold->node,
			   emission->event, emission->text);
		return true;
	}
	if (emission->is_end) {
		event_queue(session, &hold->end, emission->event, NULL);
		return true;
	}
	return event_log(session, emission->event, emission->text);
}

/* TARGETS lock. */
static void
make_or_wait(struct emission *emission, struct hold *hold)
{
	struct session *session = hold->session;

	spin_lock(&session->lock);
	if (session->dead || make_one(emission, hold)) {
		hold->act = ACTION_OFF;
	} else if (!emission->full) {
		emission->full = session;
		atomic_fetch_add(&session->refs, 1);
	}
	spin_unlock(&session->lock);
	if (hold->act == ACTION_OFF)
		waitq_hand_over(&session->readers);
}

static void
judge_all(struct emission *emission)
{
	list_for_each(pos, &emission->thread->trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		spin_lock(&hold->session->lock);
		hold->act = judge(emission, hold->session);
		spin_unlock(&hold->session->lock);
	}
}

static void
make_all(struct emission *emission)
{
	list_for_each(pos, &emission->thread->trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		if (hold->act != ACTION_OFF)
			make_or_wait(emission, hold);
	}
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
	int error = WAIT_FOR(&session->room, emission->thread, SLEEP_KILLABLE,
			     "room in a trace queue", DEADLINE_NONE,
			     has_room(session));

	session_put(session);
	emission->full = NULL;
	return error;
}

/* Returns when the thread may go on. */
static void
emit(struct emission *emission)
{
	struct trace_process *targets = emission->thread->process->trace;
	bool judged = false;

	trace_park(emission->thread);
	do {
		spin_lock(&targets->lock);
		if (!judged)
			judge_all(emission);
		judged = true;
		make_all(emission);
		spin_unlock(&targets->lock);
	} while (emission->full && !wait_for_room(emission));
	trace_park(emission->thread);
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

static void
call_words(const struct frame *frame, uint64_t words[7])
{
	words[0] = frame->orig_rax;
	for (unsigned i = 0; i < SYSCALL_MAX_ARGS; i++)
		words[i + 1] = arch_call_argument(frame, i);
}

static void
emit_enter(struct thread *self, const struct frame *frame)
{
	struct trace_event event;
	struct emission emission = {
		.thread = self, .event = &event, .may_hold = true};

	event_fill(&event, TRACE_EV_enter, self);
	call_words(frame, event.word);
	atomic_store(&self->trace->at, AT_ENTER);
	emit(&emission);
	atomic_store(&self->trace->at, AT_USER);
}

bool
trace_enter(struct thread *self, struct frame *frame)
{
	struct trace_process *targets = self->process->trace;
	struct trace_thread *trace = self->trace;

	if ((thread_flags(self) & THREAD_RULES) &&
	    mask_has(targets->enter_mask, frame->orig_rax))
		emit_enter(self, frame);
	if (thread_flags(self) & THREAD_KILLED) {
		frame->rax = (uint64_t)-EINTR;
		return false;
	}
	if (mask_has(targets->leave_mask, frame->orig_rax)) {
		call_words(frame, trace->call);
		trace->call_saved = true;
		trace->held_ns = 0;
		trace->entered_ns = arch_time_ns();
		atomic_fetch_or(&self->arch.flags, THREAD_LEAVE);
	}
	if (trace->given)
		frame->rax = (uint64_t)trace->value;
	return !trace->given;
}

/* The call as it was finally run; a rule that came while it ran finds the
 * registers still there. */
static void
leave_words(struct thread *self, const struct frame *frame,
	    struct trace_event *event)
{
	struct trace_thread *trace = self->trace;

	if (trace->call_saved) {
		memcpy(event->word, trace->call, sizeof(trace->call));
		event->word[8] =
			event->time_ns - trace->entered_ns - trace->held_ns;
	} else {
		call_words(frame, event->word);
		event->word[0] = self->call;
	}
	event->word[7] = frame->rax;
	if (trace->given)
		event->flags |= TRACE_EF_UNRUN;
}

void
trace_leave(struct thread *self, struct frame *frame)
{
	struct trace_thread *trace = self->trace;
	struct trace_event event;
	struct emission emission = {
		.thread = self, .event = &event, .may_hold = true};

	trace_park(self);
	if (!(thread_flags(self) & THREAD_LEAVE))
		return;
	atomic_fetch_and(&self->arch.flags, ~(uint32_t)THREAD_LEAVE);
	event_fill(&event, TRACE_EV_leave, self);
	leave_words(self, frame, &event);
	trace->call_saved = false;
	trace->given = false;
	if (!mask_has(self->process->trace->leave_mask, event.word[0]) ||
	    (thread_flags(self) & THREAD_KILLED))
		return;
	atomic_store(&trace->at, AT_LEAVE);
	emit(&emission);
	atomic_store(&trace->at, AT_USER);
}

void
trace_fork(struct thread *self, struct process *child)
{
	struct trace_event event;
	struct emission emission = {.thread = self, .event = &event};

	if (!traced(self))
		return;
	event_fill(&event, TRACE_EV_fork, self);
	event.word[0] = child->pid;
	emit(&emission);
}

void
trace_exec(struct thread *self, const char *path)
{
	struct trace_event event;
	struct emission emission = {
		.thread = self, .event = &event, .may_hold = true};

	if (!traced(self))
		return;
	thread_frame(self)->orig_rax = self->call;
	event_fill(&event, TRACE_EV_exec, self);
	emission.text = event_text_create(path, TRACE_PAYLOAD_PATH);
	atomic_store(&self->trace->at, AT_CALL);
	emit(&emission);
	atomic_store(&self->trace->at, AT_USER);
	event_text_put(emission.text);
}

/* No stop lands on the thread from now on; those who wait for one are told. */
static void
end_seal(struct thread *self)
{
	struct trace_process *targets = self->process->trace;

	spin_lock(&targets->lock);
	self->trace->ended = true;
	self->trace->ctl_wanted = false;
	spin_unlock(&targets->lock);
	waitq_wake(&targets->parked);
}

void
trace_end(struct thread *self, uint32_t wait_status, bool killed)
{
	struct trace_event event;
	struct emission emission = {.thread = self,
				    .event = &event,
				    .is_end = true,
				    .may_hold = !killed};

	if (traced(self)) {
		event_fill(&event, TRACE_EV_end, self);
		if (wait_status & 0x7f) {
			event.flags = TRACE_EF_SIGNALED;
			event.word[0] = wait_status & 0x7f;
		} else {
			event.word[0] = wait_status >> 8 & 0xff;
		}
		atomic_store(&self->trace->at, AT_END);
		emit(&emission);
	}
	end_seal(self);
}

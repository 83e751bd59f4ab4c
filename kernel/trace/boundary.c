/*
 * The points at which a thread may make an event: entry and leave of a call,
 * fork, exec, start, end.  Called by syscall.c and by fork, exec, exit.
 *
 * What is to be said of an event is gathered here; emit.c makes it.  What a
 * tracer has written while the thread was held is what counts afterwards: so
 * number and arguments are read from the frame again.
 */
#include "trace/emit.h"
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
	list_init(&trace->grants);
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
	heap_free(process->trace->counts);
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

static inline __attribute__((always_inline)) uint64_t
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

/* Of a call that somebody wants to hear of when it is over. */
static inline __attribute__((always_inline)) void
trace_entered(struct thread *self, const struct frame *frame, uint64_t now)
{
	struct trace_thread *trace = self->trace;

	trace->call[0] = frame->orig_rax;
	call_arguments(frame, &trace->call[1]);
	trace->call_saved = true;
	trace->held_before_ns = self->sched.spent[DOING_HELD];
	trace->entered_ns = now ? now : arch_time_ns();
	atomic_fetch_or(&self->arch.flags, THREAD_LEAVE);
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
	if (mask_has(targets->after_mask, frame->orig_rax))
		trace_entered(self, frame, now);
	if (!trace->given)
		return true;
	frame->rax = (uint64_t)trace->value;
	/* also where nobody wants its leave: the next call is not given */
	atomic_fetch_or(&self->arch.flags, THREAD_LEAVE);
	return false;
}

/* How long it was held in its call. */
static inline uint64_t
held_since(const struct thread *self)
{
	return self->sched.spent[DOING_HELD] - self->trace->held_before_ns;
}

/* The call as it was finally run; a rule that came while it ran finds the
 * registers still there. */
static inline __attribute__((always_inline)) void
leave_words(struct thread *self, const struct frame *frame,
	    struct record *record)
{
	struct trace_thread *trace = self->trace;

	if (trace->call_saved) {
		record->saved = &trace->call[1];
		record->elapsed_ns =
			record->time_ns - trace->entered_ns - held_since(self);
	}
	record->result = frame->rax;
	if (trace->given)
		record->flags |= TRACE_EF_UNRUN;
	else if (self->signal.restart)
		record->flags |= TRACE_EF_RESTART;
}

static bool
counted(const struct trace_process *targets, uint64_t number)
{
	return atomic_load_explicit(&targets->counts, memory_order_relaxed) &&
	       mask_has(targets->count_mask, number);
}

/* What it has come to counts. */
static inline __attribute__((always_inline)) void
leave_counted(struct thread *self, const struct frame *frame, uint64_t number,
	      uint64_t elapsed)
{
	if (counted(self->process->trace, number))
		counts_add(self, number, frame->rax, elapsed,
			   self->signal.restart && !self->trace->moved);
}

static __attribute__((noinline)) void
leave_counted_late(struct thread *self, const struct frame *frame,
		   uint64_t number, uint64_t elapsed)
{
	leave_counted(self, frame, number, elapsed);
}

/* Nobody makes an event of it. */
static __attribute__((noinline)) void
leave_quietly(struct thread *self, const struct frame *frame, uint64_t number)
{
	struct trace_thread *trace = self->trace;
	uint64_t elapsed = 0;

	if (trace->call_saved)
		elapsed = arch_time_ns() - trace->entered_ns - held_since(self);
	trace->call_saved = false;
	trace->given = false;
	leave_counted(self, frame, number, elapsed);
}

static inline __attribute__((always_inline)) void
leave_loudly(struct thread *self, const struct frame *frame, uint64_t number)
{
	struct trace_thread *trace = self->trace;
	struct emission emission;

	emission_begin(&emission, TRACE_EV_leave, self);
	emission.record.number = number;
	leave_words(self, frame, &emission.record);
	trace->call_saved = false;
	trace->given = false;
	atomic_store(&trace->at, AT_LEAVE);
	emit(&emission);
	atomic_store(&trace->at, AT_USER);
	if (atomic_load_explicit(&self->process->trace->counts,
				 memory_order_relaxed))
		leave_counted_late(self, frame, number,
				   emission.record.elapsed_ns);
}

void
trace_leave(struct thread *self, struct frame *frame)
{
	struct trace_thread *trace = self->trace;
	uint64_t number;
	uint32_t flags;

	trace_park(self);
	flags = thread_flags(self);
	if (!(flags & THREAD_LEAVE))
		return;
	atomic_fetch_and(&self->arch.flags, ~(uint32_t)THREAD_LEAVE);
	number = trace->call_saved ? trace->call[0] : self->call;
	if (flags & THREAD_KILLED) {
		trace->call_saved = false;
		trace->given = false;
	} else if (mask_has(self->process->trace->leave_mask, number)) {
		leave_loudly(self, frame, number);
	} else {
		leave_quietly(self, frame, number);
	}
}

void
trace_keep_asked(struct thread *thread)
{
	const struct frame *frame = thread_frame(thread);
	struct trace_thread *trace = thread->trace;

	if (trace->edited)
		return;
	trace->edited = true;
	trace->asked[0] = frame->orig_rax;
	call_arguments(frame, &trace->asked[1]);
	/* where nobody wants its leave as well: the next call is not edited */
	atomic_fetch_or(&thread->arch.flags, THREAD_LEAVE);
}

void
trace_restart(struct thread *self, struct frame *frame)
{
	struct trace_thread *trace = self->trace;

	if (trace->edited)
		arch_call_set(frame, trace->asked[0], &trace->asked[1]);
	trace_call_over(self);
}

void
trace_call_over(struct thread *self)
{
	self->trace->edited = false;
	self->trace->moved = false;
}

bool
trace_moved(const struct thread *self)
{
	return self->trace->moved;
}

/* A signal, or an exception that would become one: what it comes to. */
static int
emit_signal(struct thread *self, unsigned type, uint64_t number,
	    const uint64_t words[SYSCALL_MAX_ARGS], int signal)
{
	struct trace_thread *trace = self->trace;
	struct emission emission;

	trace_park(self); /* what a tracer does now is not about this event */
	emission_begin(&emission, type, self);
	emission.record.number = number;
	emission.record.saved = words;
	trace->signal = signal;
	trace->judging = true;
	emit(&emission);
	trace->judging = false;
	return trace->signal;
}

int
trace_signal(struct thread *self, struct signal_info *info)
{
	const uint64_t words[SYSCALL_MAX_ARGS] = {
		(uint64_t)(int64_t)info->code, info->words[0], info->words[1]};

	int signal = emit_signal(self, TRACE_EV_signal, (uint64_t)info->signo,
				 words, info->signo);

	if (signal != info->signo)
		*info = (struct signal_info){.signo = signal};
	return signal;
}

int
trace_fault(struct thread *self, unsigned vector, uint64_t error,
	    uint64_t address, int signal)
{
	const uint64_t words[SYSCALL_MAX_ARGS] = {error, address};

	if (vector > 63 ||
	    !(atomic_load(&self->process->trace->fault_mask) >> vector & 1))
		return signal;
	return emit_signal(self, TRACE_EV_fault, vector, words, signal);
}

bool
trace_wants_signal(struct process *process, int sig)
{
	return atomic_load_explicit(&process->trace->signal_mask,
				    memory_order_acquire) >>
		       (sig - 1) &
	       1;
}

bool
trace_injects(const struct thread *self)
{
	return atomic_load(&self->trace->injected);
}

int
trace_take_injected(struct thread *self)
{
	return trace_injects(self) ? atomic_exchange(&self->trace->injected, 0)
				   : 0;
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

	/* the one call that has no leave */
	if (self->call == SYS_exit && counted(self->process->trace, SYS_exit))
		counts_add(self, SYS_exit, 0, 0, false);
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

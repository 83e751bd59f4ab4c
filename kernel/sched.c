/*
 * Sleeping, waking, switching.  Called by everything that waits; runq.c says
 * who is next.
 *
 * All that several CPUs must agree on about a thread is one word: its state,
 * the mode of its sleep, who woke it.  The sleeper and its wakers change it by
 * compare and exchange:
 *
 *	RUNNABLE -- prepare --> PREPARED -- sleep --> SLEEPING
 *	    ^                      |                     |
 *	    +----- a waker --------+------ a waker ------+--> and onto a queue
 *
 * Rules: a waker of a sleeping thread waits until its stack has been left
 * (on_cpu) before it queues it, and holds no run queue then; whoever leaves a
 * stack waits for nobody.  Interrupts are off and no lock is held in a switch.
 * LOOKED_AT keeps a thread asleep: everyone but the looker waits it out.
 */
#include "sched_sleep.h"
#include "sched_wake.h"
#include "abi/errno.h"
#include "print.h"

#define STATE	   SCHED_STATE
#define MODE_SHIFT SCHED_MODE_SHIFT
#define MODE	   0x30u
#define BY_TIMER   0x100u /* what ended the sleep of MODE; neither: a wake-up */
#define BY_SIGNAL  SCHED_BY_SIGNAL
#define LOOKED_AT  SCHED_LOOKED_AT

void (*sched_before_sleep)(struct thread *self);
void (*sched_on_logged)(struct thread *self);
int (*sched_on_signal)(struct thread *self);

/* Sets of modes. */
#define ANY_MODE                                                               \
	((1u << SLEEP_SHORT) | (1u << SLEEP_KILLABLE) |                        \
	 (1u << SLEEP_INTERRUPTIBLE))
#define NOT_SHORT	   (ANY_MODE & ~(1u << SLEEP_SHORT))
#define ONLY_INTERRUPTIBLE (1u << SLEEP_INTERRUPTIBLE)

/* ---- waking ---- */

/* Ends a sleep of one of these modes.  Afterwards a thread that slept is in no
 * queue, off every CPU, and the caller's to queue. */
static __attribute__((noinline)) enum sched_woken
sched_rouse(struct thread *thread, uint32_t modes, uint32_t by)
{
	struct sched *s = &thread->sched;
	uint32_t word;

	/* What the sleeper waits for was made true before; it says that it
	 * sleeps, then looks. */
	atomic_thread_fence(memory_order_seq_cst);
	word = atomic_load_explicit(&s->word, memory_order_relaxed);
	for (;;) {
		uint32_t state = word & STATE;

		if (state != SCHED_PREPARED && state != SCHED_SLEEPING)
			return WOKEN_NOT;
		if (!(modes >> ((word & MODE) >> MODE_SHIFT) & 1))
			return WOKEN_NOT;
		if (word & LOOKED_AT) {
			arch_pause();
			word = atomic_load(&s->word);
		} else if (atomic_compare_exchange_weak(
				   &s->word, &word,
				   SCHED_RUNNABLE | by | (word & MODE))) {
			break;
		}
	}
	if ((word & STATE) == SCHED_PREPARED)
		return WOKEN_PREPARED;
	while (atomic_load_explicit(&s->on_cpu, memory_order_acquire))
		arch_pause();
	return WOKEN_ASLEEP;
}

/* Never sleeps; any context. */
enum sched_woken
sched_wake_how(struct thread *thread, bool now)
{
	enum sched_woken how = sched_rouse(thread, ANY_MODE, 0);

	if (how == WOKEN_ASLEEP && now)
		runq_hand_over(thread);
	else if (how == WOKEN_ASLEEP)
		runq_wake(thread);
	return how;
}

/* Never sleeps; any context. */
void
sched_wake_to_slowly(struct thread *thread, struct thread **to)
{
	if (sched_rouse(thread, ANY_MODE, 0) == WOKEN_ASLEEP)
		sched_pass_on(thread, to);
}

/* Never sleeps; any context. */
void
sched_queue(struct thread *thread)
{
	runq_wake(thread);
}

/* Never sleeps; any context. */
bool
sched_wake(struct thread *thread)
{
	enum sched_woken how = sched_rouse(thread, ANY_MODE, 0);

	if (how == WOKEN_ASLEEP)
		runq_wake(thread);
	return how != WOKEN_NOT;
}

/* Never sleeps; any context. */
bool
sched_wake_signal(struct thread *thread, bool killing)
{
	enum sched_woken how = sched_rouse(
		thread, killing ? NOT_SHORT : ONLY_INTERRUPTIBLE, BY_SIGNAL);

	if (how == WOKEN_ASLEEP)
		runq_place(thread);
	return how != WOKEN_NOT;
}

/* Its deadline is past.  TIMER lock held. */
void
sched_wake_late(struct thread *thread)
{
	if (sched_rouse(thread, ANY_MODE, BY_TIMER) == WOKEN_ASLEEP)
		runq_place(thread);
}

/* ---- sleeping ---- */

/* From now on a wake-up is not lost. */
void
sched_prepare(struct thread *self, enum sleep_mode mode, const char *waits_for)
{
	self->sched.mode = mode;
	atomic_store_explicit(&self->sched.waits_for, waits_for,
			      memory_order_relaxed);
	atomic_exchange(&self->sched.word,
			SCHED_PREPARED | (uint32_t)mode << MODE_SHIFT);
}

/* From PREPARED to word; false: somebody has woken it. */
static bool
sched_settle(struct thread *self, uint32_t word)
{
	uint32_t prepared = SCHED_PREPARED | (uint32_t)self->sched.mode
						     << MODE_SHIFT;

	for (;;) {
		uint32_t old = prepared;

		if (atomic_compare_exchange_strong(&self->sched.word, &old,
						   word))
			return true;
		if (!(old & LOOKED_AT))
			return false;
		arch_pause();
	}
}

/* Nothing happens to a thread that is awake. */
void
sched_awake(struct thread *self)
{
	uint32_t word =
		atomic_load_explicit(&self->sched.word, memory_order_relaxed);

	if ((word & STATE) == SCHED_PREPARED)
		sched_settle(self, SCHED_RUNNABLE);
	atomic_store_explicit(&self->sched.waits_for, NULL,
			      memory_order_relaxed);
}

/* Does something that has happened already end this sleep? */
static inline uint32_t
sched_over_before(struct thread *self, uint64_t deadline)
{
	enum sleep_mode mode = self->sched.mode;
	uint32_t flags = thread_flags(self);

	if (flags & THREAD_LOGGED)
		sched_on_logged(self);
	if (flags & THREAD_HOLD && mode != SLEEP_SHORT) {
		sched_before_sleep(self);
		flags = thread_flags(self);
	}
	if (flags & sched_ending_flags(mode))
		return BY_SIGNAL;
	if (deadline != DEADLINE_NONE && deadline <= arch_time_ns())
		return BY_TIMER;
	return 0;
}

/* Until somebody wakes it. */
static inline void
sched_fall_asleep(struct thread *self)
{
	arch_irq_disable();
	if (sched_settle(self, SCHED_SLEEPING | (uint32_t)self->sched.mode
							<< MODE_SHIFT)) {
		switch_over(self, runq_handed(runq_of(cpu_self())),
			    arch_time_ns());
	}
	arch_irq_enable();
}

/* A signal has ended the sleep.  What it comes to is not the scheduler's to
 * say. */
int
sched_signalled(struct thread *self)
{
	uint32_t word =
		atomic_load_explicit(&self->sched.word, memory_order_relaxed);

	if ((word & MODE) >> MODE_SHIFT != SLEEP_INTERRUPTIBLE)
		return -EINTR;
	return sched_on_signal(self);
}

/* Sleeps.  No spinlock may be held. */
int
sched_sleep(struct thread *self, uint64_t deadline_ns)
{
	uint32_t over;

	lock_assert_none();
	over = sched_over_before(self, deadline_ns);
	if (over) {
		sched_settle(self,
			     SCHED_RUNNABLE | over |
				     (uint32_t)self->sched.mode << MODE_SHIFT);
	} else {
		if (deadline_ns != DEADLINE_NONE)
			runq_arm(self, deadline_ns);
		sched_fall_asleep(self);
		if (deadline_ns != DEADLINE_NONE)
			runq_disarm(self);
	}
	atomic_store_explicit(&self->sched.waits_for, NULL,
			      memory_order_relaxed);
	over = atomic_load_explicit(&self->sched.word, memory_order_relaxed);
	if (over & BY_TIMER)
		return -ETIMEDOUT;
	return over & BY_SIGNAL ? sched_signalled(self) : 0;
}

/* Takes back that it sleeps, though it still runs.  false: a waker has been
 * here, who waits for this stack to be left. */
static bool
sched_take_back(struct thread *self, uint32_t asleep)
{
	uint32_t word = asleep;

	while (!atomic_compare_exchange_strong(&self->sched.word, &word,
					       SCHED_RUNNABLE)) {
		if (!(word & LOOKED_AT))
			return false;
		word = asleep;
		arch_pause();
	}
	return true;
}

/* It said that it sleeps, and saw that it should not, or has first to do
 * something: back, and in two steps if need be. */
int
sched_sleep_back(struct thread *self, enum sleep_mode mode,
		 const char *waits_for, const _Atomic uint32_t *word,
		 struct thread *to)
{
	bool back = sched_take_back(self, SCHED_SLEEPING |
						  (uint32_t)mode << MODE_SHIFT);

	if (!back)
		switch_over(self, to, arch_time_ns());
	arch_irq_enable();
	if (!back) {
		/* not before: the waker, who waited for the stack, may hold
		 * what this takes */
		if (thread_flags(self) & THREAD_LOGGED)
			sched_on_logged(self);
		return sched_ended(self);
	}
	if (to)
		runq_wake(to);
	sched_prepare(self, mode, waits_for);
	if (atomic_load(word))
		return sched_sleep(self, DEADLINE_NONE);
	sched_awake(self);
	return 0;
}

/* ---- the rest ---- */

/* Never sleeps. */
void
sched_start(struct thread *thread)
{
	struct sched *s = &thread->sched;

	thread_get(thread);
	atomic_store_explicit(&s->cpu, cpu_self()->id, memory_order_relaxed);
	atomic_store(&s->word, SCHED_RUNNABLE);
	runq_wake(thread);
}

/* In another mode than SLEEP_SHORT. */
static bool
sched_word_sleeps(uint32_t word)
{
	return ((word & STATE) == SCHED_PREPARED ||
		(word & STATE) == SCHED_SLEEPING) &&
	       (word & MODE) >> MODE_SHIFT != SLEEP_SHORT;
}

/* Takes the THREAD lock around look. */
bool
sched_if_asleep(struct thread *thread, void (*look)(struct thread *, void *),
		void *arg)
{
	struct sched *s = &thread->sched;
	bool asleep = false;
	uint32_t word;

	spin_lock(&s->lock);
	word = atomic_load(&s->word);
	while (!asleep && sched_word_sleeps(word))
		asleep = atomic_compare_exchange_weak(&s->word, &word,
						      word | LOOKED_AT);
	if (asleep) {
		look(thread, arg);
		atomic_store(&s->word, word);
	}
	spin_unlock(&s->lock);
	return asleep;
}

/* The flag was set before: either its CPU sees it, or we see the CPU. */
void
sched_notice(struct thread *thread)
{
	unsigned cpu;

	if (!atomic_load(&thread->sched.on_cpu))
		return;
	cpu = atomic_load_explicit(&thread->sched.cpu, memory_order_relaxed);
	if (cpu != cpu_self()->id)
		arch_kick(cpu);
}

/* As it was a moment ago. */
bool
sched_is_asleep(const struct thread *thread)
{
	return sched_word_sleeps(atomic_load(&thread->sched.word));
}

/* As it was a moment ago. */
enum sched_state
sched_state(const struct thread *thread)
{
	return atomic_load(&thread->sched.word) & STATE;
}

/* Sleeping in one step, inline: the way of a traced call.  sched.c says what
 * the word means. */
#pragma once

#include "switch.h"

int sched_signalled(struct thread *self);
int sched_sleep_back(struct thread *self, enum sleep_mode mode,
		     const char *waits_for, const _Atomic uint32_t *word,
		     struct thread *to);

/* The flags that end a sleep of this mode. */
static inline uint32_t
sched_ending_flags(enum sleep_mode mode)
{
	if (mode == SLEEP_SHORT)
		return 0;
	return mode == SLEEP_KILLABLE ? THREAD_KILLED
				      : THREAD_KILLED | THREAD_SIGNAL;
}

/* What ended the sleep of one that had no deadline. */
static inline int
sched_ended(struct thread *self)
{
	uint32_t word =
		atomic_load_explicit(&self->sched.word, memory_order_relaxed);

	atomic_store_explicit(&self->sched.waits_for, NULL,
			      memory_order_relaxed);
	return word & SCHED_BY_SIGNAL ? sched_signalled(self) : 0;
}

/*
 * Both steps at once, while *word is not 0: whoever makes it 0 wakes the thread
 * afterwards.  This CPU is handed over to `to`, from sched_wake_to; NULL: to
 * whoever is next.  now: the time as it was a moment ago.  0: somebody woke it,
 * or need not have; -EINTR.  No spinlock may be held.
 *
 * It says that it sleeps, then looks; a waker that comes between waits for the
 * stack.  So interrupts are off, and no lock is taken, until it is left or the
 * word is taken back.
 */
static inline __attribute__((always_inline)) int
sched_sleep_while(struct thread *self, enum sleep_mode mode,
		  const char *waits_for, const _Atomic uint32_t *word,
		  struct thread *to, uint64_t now)
{
	struct sched *s = &self->sched;

	lock_assert_none();
	arch_irq_disable();
	atomic_store_explicit(&s->waits_for, waits_for, memory_order_relaxed);
	atomic_exchange(&s->word,
			SCHED_SLEEPING | (uint32_t)mode << SCHED_MODE_SHIFT);
	if (!atomic_load(word) ||
	    thread_flags(self) &
		    (THREAD_HOLD | THREAD_LOGGED | sched_ending_flags(mode)))
		return sched_sleep_back(self, mode, waits_for, word, to);
	switch_over(self, to, now);
	arch_irq_enable();
	return sched_ended(self);
}

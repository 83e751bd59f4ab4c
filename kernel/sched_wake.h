/* Waking whom the waker hands its CPU to, inline: the way of a traced call.
 * sched.c says what the word means. */
#pragma once

#include "thread.h"

void sched_wake_to_slowly(struct thread *thread, struct thread **to);

static inline void
sched_pass_on(struct thread *thread, struct thread **to)
{
	struct thread *before = *to;

	*to = thread;
	if (before)
		sched_queue(before);
}

/* As sched_wake, but one that did sleep is on no queue and becomes *to: the
 * caller owes it a CPU, by sched_sleep_while or sched_queue.  What *to was
 * before is queued.  Mostly it sleeps, and one exchange does it. */
static inline void
sched_wake_to(struct thread *thread, struct thread **to)
{
	struct sched *s = &thread->sched;
	uint32_t word = atomic_load_explicit(&s->word, memory_order_relaxed);

	if ((word & (SCHED_STATE | SCHED_LOOKED_AT)) != SCHED_SLEEPING ||
	    !atomic_compare_exchange_strong(&s->word, &word, SCHED_RUNNABLE)) {
		sched_wake_to_slowly(thread, to);
		return;
	}
	while (atomic_load_explicit(&s->on_cpu, memory_order_acquire))
		arch_pause();
	sched_pass_on(thread, to);
}

/*
 * Looking at a sleeping thread from outside: for sys:.
 *
 * A sleep is told from the next by the time at which the thread left its CPU,
 * which is written before its stack is given up (on_cpu): who finds the same
 * time before and after, and the thread off its CPU before the second, has seen
 * one sleep only.  So any sleep can be looked at, a mutex's too, and nobody
 * waits for the one who looks.
 */
#include "thread.h"

enum look { LOOK_AWAKE, LOOK_ASLEEP, LOOK_AGAIN };

static bool
asleep(uint32_t word)
{
	return (word & SCHED_STATE) == SCHED_PREPARED ||
	       (word & SCHED_STATE) == SCHED_SLEEPING;
}

static enum look
look_once(const struct thread *thread, struct sched_sleep *sleep)
{
	const struct sched *s = &thread->sched;
	uint64_t left = atomic_load(&s->left_ns);
	uint64_t now = arch_time_ns();
	bool leaving;

	if (!asleep(atomic_load(&s->word)))
		return LOOK_AWAKE;
	sleep->waits_for = atomic_load(&s->waits_for);
	sleep->call = __atomic_load_n(&thread->call, __ATOMIC_ACQUIRE);
	leaving = atomic_load(&s->on_cpu);
	sleep->ns = leaving || now < left ? 0 : now - left;
	if (atomic_load(&s->left_ns) != left || !sleep->waits_for ||
	    !asleep(atomic_load(&s->word)))
		return LOOK_AGAIN;
	return LOOK_ASLEEP;
}

bool
sched_look(const struct thread *thread, struct sched_sleep *sleep)
{
	enum look look;

	do
		look = look_once(thread, sleep);
	while (look == LOOK_AGAIN);
	return look == LOOK_ASLEEP;
}

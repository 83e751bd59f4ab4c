/*
 * Where a thread's time went, and how many calls it made, asked by anybody at
 * any time.  switch_charge (switch.h) writes: two additions for the thread that
 * leaves a CPU, two for the one that gets it.
 *
 *	spent[d]	ns, if the thread does something else now;
 *			ns less the time when it began, if it does d
 *	calls		its calls, if it has no CPU;
 *			less what its CPU had counted then, if it has one
 *
 * So a call costs one increment, of its CPU's count, and what lasts grows for
 * whoever reads: he adds the clock, or the CPU's count, which begins so high
 * (CPU_CALLS) that the sign of `calls` says whether the thread has a CPU.
 *
 * The rule: a reader takes a number for good only if it was the same before and
 * after what he adds to it, and not in the middle of a switch, which he waits
 * for a while.  A switch may use a time that is a moment old: what ends may end
 * a moment below what was read on another CPU, even below 0.
 */
#include "thread.h"

#define MOMENT_NS 100000000u
#define TRIES	  1000000u

static uint64_t
account_load(const uint64_t *number)
{
	return __atomic_load_n(number, __ATOMIC_ACQUIRE);
}

static bool
account_is_negative(uint64_t number)
{
	return number >> 63;
}

static enum sched_doing
account_doing(const struct sched *s)
{
	if (account_is_negative(account_load(&s->calls)))
		return DOING_RUN;
	return __atomic_load_n(&s->next, __ATOMIC_ACQUIRE);
}

/* Is it the number of one that does this, or does not?  false: in the middle of
 * a switch. */
static bool
account_settled(uint64_t ns, bool does)
{
	if (does)
		return account_is_negative(ns);
	return !account_is_negative(ns) || 0 - ns < MOMENT_NS;
}

/* Any context. */
uint64_t
sched_spent(const struct thread *thread, enum sched_doing doing)
{
	const struct sched *s = &thread->sched;
	uint64_t ns = 0;

	for (unsigned tries = 0; tries < TRIES; tries++) {
		uint64_t before = account_load(&s->spent[doing]);
		bool does = account_doing(s) == doing;

		ns = does ? before + arch_time_ns() : before;
		if (account_settled(before, does) &&
		    account_load(&s->spent[doing]) == before)
			break;
		arch_pause();
	}
	return account_is_negative(ns) ? 0 : ns;
}

/* Any context. */
uint64_t
sched_calls(const struct thread *thread)
{
	const struct sched *s = &thread->sched;
	uint64_t calls, sum;

	do {
		calls = account_load(&s->calls);
		sum = calls;
		if (account_is_negative(calls))
			sum += account_load(&cpus[atomic_load(&s->cpu)].calls);
	} while (account_load(&s->calls) != calls);
	return sum;
}

/* Any context.  In the middle of a switch a turn may be taken for over. */
uint64_t
sched_switches(const struct thread *thread, uint64_t *preemptions)
{
	const struct sched *s = &thread->sched;
	uint64_t turns, over;

	do {
		turns = account_load(&s->turns);
		over = turns;
		*preemptions = account_load(&s->preemptions);
		if (account_doing(s) == DOING_RUN)
			over--;
		else if (account_doing(s) == DOING_READY && turns)
			++*preemptions;
	} while (account_load(&s->turns) != turns);
	return over;
}

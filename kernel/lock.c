/*
 * Spinlocks: test, then test-and-set, with interrupts off.  Everybody calls
 * them; the plain kernel has the fast half inline (lock.h).  Rule: in the
 * checked kernel each CPU keeps the list of the locks it holds, in the order
 * they were taken, and a lock that may not follow the last one is a panic.
 */
#include "lock.h"
#include "print.h"

#ifdef CHECKED
#define HELD_MAX (sizeof((struct cpu *)0)->held / sizeof(struct spinlock *))
#define STUCK_NS 60000000000u

static void
lock_check_order(const struct cpu *cpu, const struct spinlock *lock)
{
	for (uint32_t i = 0; i < cpu->held_count; i++) {
		const struct spinlock *held = cpu->held[i];

		if (!lock_rank_allows(held->rank, lock->rank))
			panic("lock %s taken while holding %s",
			      lock_rank_name(lock->rank),
			      lock_rank_name(held->rank));
	}
}

static struct lock_stats lock_counts[CPU_MAX][RANK_COUNT];

void
lock_count_taken(unsigned rank, bool contended)
{
	struct lock_stats *stats = &lock_counts[cpu_self()->id][rank];

	stats->taken++;
	stats->contended += contended;
}

void
lock_count_held(unsigned rank, uint64_t ns)
{
	struct lock_stats *stats = &lock_counts[cpu_self()->id][rank];

	if (stats->longest_ns < ns)
		stats->longest_ns = ns;
}

void
lock_stats(unsigned rank, struct lock_stats *stats)
{
	*stats = (struct lock_stats){0};
	for (unsigned i = 0; i < cpu_count; i++) {
		const struct lock_stats *one = &lock_counts[i][rank];

		stats->taken += one->taken;
		stats->contended += one->contended;
		if (stats->longest_ns < one->longest_ns)
			stats->longest_ns = one->longest_ns;
	}
}

static void
lock_note_taken(struct cpu *cpu, struct spinlock *lock)
{
	assert(cpu->held_count < HELD_MAX);
	cpu->held_since[cpu->held_count] = arch_time_ns();
	cpu->held[cpu->held_count++] = lock;
	lock->cpu = (uint16_t)(cpu->id + 1);
}

static void
lock_note_released(struct cpu *cpu, struct spinlock *lock)
{
	uint32_t i = cpu->held_count;

	while (i > 0 && cpu->held[i - 1] != lock)
		i--;
	if (i == 0)
		panic("lock %s let go by a CPU that does not hold it",
		      lock_rank_name(lock->rank));
	lock_count_held(lock->rank, arch_time_ns() - cpu->held_since[i - 1]);
	for (; i < cpu->held_count; i++) {
		cpu->held[i - 1] = cpu->held[i];
		cpu->held_since[i - 1] = cpu->held_since[i];
	}
	cpu->held_count--;
	lock->cpu = 0;
}

static bool
lock_take(struct spinlock *lock)
{
	return !atomic_exchange_explicit(&lock->taken, 1, memory_order_acquire);
}

static void
lock_spin_until_taken(struct spinlock *lock)
{
	uint64_t start = arch_time_ns();

	while (!lock_take(lock)) {
		arch_pause();
		if (arch_time_ns() - start > STUCK_NS)
			panic("lock %s stuck, held by CPU %d",
			      lock_rank_name(lock->rank), lock->cpu - 1);
	}
}

/* Sleeps never; panics if the order of ranks is broken. */
void
spin_lock(struct spinlock *lock)
{
	struct cpu *cpu;
	bool free;

	irq_off_push();
	cpu = cpu_self();
	lock_check_order(cpu, lock);
	free = lock_take(lock);
	if (!free)
		lock_spin_until_taken(lock);
	lock_note_taken(cpu, lock);
	lock_count_taken(lock->rank, !free);
}

/* true: taken, whatever is held already. */
bool
spin_try(struct spinlock *lock)
{
	irq_off_push();
	if (lock_take(lock)) {
		lock_note_taken(cpu_self(), lock);
		lock_count_taken(lock->rank, false);
		return true;
	}
	irq_off_pop();
	return false;
}

/* Locks may be let go in any order. */
void
spin_unlock(struct spinlock *lock)
{
	lock_note_released(cpu_self(), lock);
	atomic_store_explicit(&lock->taken, 0, memory_order_release);
	irq_off_pop();
}

/* Does this CPU hold it? */
bool
spin_held(const struct spinlock *lock)
{
	bool held;

	irq_off_push();
	held = lock->cpu == cpu_self()->id + 1;
	irq_off_pop();
	return held;
}

/* Panics if this CPU holds a spinlock or has interrupts off by count. */
void
lock_assert_none(void)
{
	const struct cpu *cpu = cpu_self();

	if (cpu->held_count)
		panic("sleeps while holding %s",
		      lock_rank_name(cpu->held[cpu->held_count - 1]->rank));
	if (cpu->irq_off)
		panic("sleeps with interrupts off");
}
#endif

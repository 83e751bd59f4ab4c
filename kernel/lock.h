/*
 * Spinlocks.  Taking one turns interrupts off on this CPU until the last is let
 * go.  Each has a rank (lockrank.def); the checked kernel asserts that ranks
 * rise.  Nothing sleeps while one is held.
 *
 * The plain kernel's are inline: a traced call takes several.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "arch/x86_64/arch.h"
#include "cpu.h"

enum lock_rank {
#define RANK(name, kind) RANK_##name,
#include "lockrank.def"
#undef RANK
	RANK_COUNT
};

struct spinlock {
	_Atomic uint32_t taken;
	uint16_t rank;
	uint16_t cpu; /* checked kernel: its holder's id + 1 */
};

#define SPINLOCK_INIT(r)                                                       \
	{                                                                      \
		.rank = (r)                                                    \
	}

static inline void
spin_init(struct spinlock *lock, enum lock_rank rank)
{
	*lock = (struct spinlock)SPINLOCK_INIT((uint16_t)rank);
}

/* Interrupts off without a lock, nested with those of locks. */
static inline void
irq_off_push(void)
{
	struct cpu *cpu = cpu_self();

	/* The count is this CPU's even before interrupts are off: whatever
	 * interrupts here puts it back, and the kernel is not pre-empted. */
	if (cpu->irq_off == 0) {
		bool on = arch_irq_enabled();

		arch_irq_disable();
		cpu->irq_was_on = on;
	}
	cpu->irq_off++;
}

static inline void
irq_off_pop(void)
{
	struct cpu *cpu = cpu_self();

	if (--cpu->irq_off == 0 && cpu->irq_was_on)
		arch_irq_enable();
}

#ifdef CHECKED
void spin_lock(struct spinlock *lock);
void spin_unlock(struct spinlock *lock);
bool spin_try(struct spinlock *lock);	     /* no rank check; true: taken */
bool spin_held(const struct spinlock *lock); /* by this CPU; exact in the
						checked kernel, else `taken` */
/* Checked kernel: panic if a spinlock is held here.  Called by everything that
 * sleeps. */
void lock_assert_none(void);
#else
/* Until it looks free, reading only, so that the holder's cache line is left
 * alone.  Inline: a call would cost registers where nobody waits. */
static inline void
spin_wait(const struct spinlock *lock)
{
	while (atomic_load_explicit(&lock->taken, memory_order_relaxed))
		arch_pause();
}

static inline bool
spin_try(struct spinlock *lock)
{
	irq_off_push();
	if (!atomic_exchange_explicit(&lock->taken, 1, memory_order_acquire))
		return true;
	irq_off_pop();
	return false;
}

static inline void
spin_lock(struct spinlock *lock)
{
	irq_off_push();
	while (atomic_exchange_explicit(&lock->taken, 1, memory_order_acquire))
		spin_wait(lock);
}

static inline void
spin_unlock(struct spinlock *lock)
{
	atomic_store_explicit(&lock->taken, 0, memory_order_release);
	irq_off_pop();
}

static inline bool
spin_held(const struct spinlock *lock)
{
	return atomic_load_explicit(&lock->taken, memory_order_relaxed);
}

static inline void
lock_assert_none(void)
{
}
#endif

/*
 * For the paths that count instructions: `first` is taken where interrupts are
 * on and no spinlock is held, `next` inside of a first.  Both are ordinary
 * locks to everybody else, and in the checked kernel.
 */
static inline void
spin_lock_first(struct spinlock *lock)
{
#ifdef CHECKED
	lock_assert_none();
	spin_lock(lock);
#else
	arch_irq_disable();
	while (atomic_exchange_explicit(&lock->taken, 1, memory_order_acquire))
		spin_wait(lock);
#endif
}

static inline void
spin_unlock_first(struct spinlock *lock)
{
#ifdef CHECKED
	spin_unlock(lock);
#else
	atomic_store_explicit(&lock->taken, 0, memory_order_release);
	arch_irq_enable();
#endif
}

static inline void
spin_lock_next(struct spinlock *lock)
{
#ifdef CHECKED
	spin_lock(lock);
#else
	while (atomic_exchange_explicit(&lock->taken, 1, memory_order_acquire))
		spin_wait(lock);
#endif
}

static inline void
spin_unlock_next(struct spinlock *lock)
{
#ifdef CHECKED
	spin_unlock(lock);
#else
	atomic_store_explicit(&lock->taken, 0, memory_order_release);
#endif
}

const char *lock_rank_name(unsigned rank);

#ifdef CHECKED
/* What the locks of one rank went through; each CPU writes its own. */
struct lock_stats {
	uint64_t taken;
	uint64_t contended;  /* somebody had to wait */
	uint64_t longest_ns; /* that one was held */
};
void lock_stats(unsigned rank, struct lock_stats *stats); /* of all CPUs */
/* mutex.c: one was taken, after a wait; was let go after so long. */
void lock_count_taken(unsigned rank, bool contended);
void lock_count_held(unsigned rank, uint64_t ns);
#endif

/* May a lock of this rank be taken after one of `last`? */
static inline bool
lock_rank_allows(unsigned last, unsigned rank)
{
	return rank > last;
}

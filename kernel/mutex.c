/*
 * Sleeping locks, first come, first served: whoever unlocks gives the mutex to
 * the one that has waited longest, and wakes only that one.  Called by whatever
 * holds something across a sleep.  Rule: `owner` alone says whose it is; its
 * lowest bit says that somebody waits, and is set and cleared under `lock`.
 */
#include "print.h"
#include "thread.h"
#include "waitq.h"

#define WAITED ((uintptr_t)1)

struct mutex_waiter {
	struct list link;
	struct thread *thread;
};

#ifdef CHECKED
#define HELD_MAX (sizeof((struct thread *)0)->held / sizeof(struct mutex *))

static void
mutex_check_order(const struct thread *self, const struct mutex *mutex)
{
	for (uint32_t i = 0; i < self->held_count; i++) {
		const struct mutex *held = self->held[i];

		if (!lock_rank_allows(held->rank, mutex->rank))
			panic("mutex %s taken while holding %s",
			      lock_rank_name(mutex->rank),
			      lock_rank_name(held->rank));
	}
}

static void
mutex_note_taken(struct thread *self, struct mutex *mutex, bool waited)
{
	assert(self->held_count < HELD_MAX);
	self->held_since[self->held_count] = arch_time_ns();
	self->held[self->held_count++] = mutex;
	lock_count_taken(mutex->rank, waited);
}

static void
mutex_note_released(struct thread *self, struct mutex *mutex)
{
	uint32_t i = self->held_count;

	while (i > 0 && self->held[i - 1] != mutex)
		i--;
	if (i == 0)
		panic("mutex %s let go by a thread that does not hold it",
		      lock_rank_name(mutex->rank));
	lock_count_held(mutex->rank, arch_time_ns() - self->held_since[i - 1]);
	for (; i < self->held_count; i++) {
		self->held[i - 1] = self->held[i];
		self->held_since[i - 1] = self->held_since[i];
	}
	self->held_count--;
}
#else
static inline void
mutex_check_order(const struct thread *self, const struct mutex *mutex)
{
	(void)self, (void)mutex;
}

static inline void
mutex_note_taken(struct thread *self, struct mutex *mutex, bool waited)
{
	(void)self, (void)mutex, (void)waited;
}

static inline void
mutex_note_released(struct thread *self, struct mutex *mutex)
{
	(void)self, (void)mutex;
}
#endif

/* Before its first use. */
void
mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	atomic_store(&mutex->owner, 0);
	spin_init(&mutex->lock, RANK_MUTEX);
	mutex->rank = (uint16_t)rank;
	list_init(&mutex->waiters);
}

static bool
mutex_take_free(struct mutex *mutex, struct thread *self)
{
	uintptr_t free = 0;

	return atomic_compare_exchange_strong(&mutex->owner, &free,
					      (uintptr_t)self);
}

static bool
mutex_is_owner(const struct mutex *mutex, const struct thread *self)
{
	return (atomic_load(&mutex->owner) & ~WAITED) == (uintptr_t)self;
}

/* false: it became free, and is self's now. */
static bool
mutex_queue_up(struct mutex *mutex, struct mutex_waiter *waiter)
{
	uintptr_t owner;

	spin_lock(&mutex->lock);
	owner = atomic_load(&mutex->owner);
	for (;;) {
		uintptr_t next =
			owner ? owner | WAITED : (uintptr_t)waiter->thread;

		if (atomic_compare_exchange_weak(&mutex->owner, &owner, next))
			break;
	}
	if (owner)
		list_add_tail(&mutex->waiters, &waiter->link);
	spin_unlock(&mutex->lock);
	return owner;
}

static void
mutex_await_turn(struct mutex *mutex, struct thread *self)
{
	struct mutex_waiter waiter = {.thread = self};

	if (!mutex_queue_up(mutex, &waiter))
		return;
	for (;;) {
		sched_prepare(self, SLEEP_SHORT, "mutex");
		if (mutex_is_owner(mutex, self))
			break;
		sched_sleep(self, DEADLINE_NONE);
	}
	sched_awake(self);
	/* Whoever gave it to us may still be in there. */
	spin_lock(&mutex->lock);
	spin_unlock(&mutex->lock);
}

/* Sleeps.  No spinlock may be held. */
void
mutex_lock(struct mutex *mutex)
{
	struct thread *self = thread_self();
	bool free;

	lock_assert_none();
	mutex_check_order(self, mutex);
	free = mutex_take_free(mutex, self);
	if (!free)
		mutex_await_turn(mutex, self);
	mutex_note_taken(self, mutex, !free);
}

static void
mutex_give_to_next(struct mutex *mutex)
{
	struct thread *next;
	struct list *first;

	spin_lock(&mutex->lock);
	first = mutex->waiters.next;
	list_remove(first);
	next = container_of(first, struct mutex_waiter, link)->thread;
	atomic_store(&mutex->owner,
		     (uintptr_t)next |
			     (list_empty(&mutex->waiters) ? 0 : WAITED));
	sched_wake(next);
	spin_unlock(&mutex->lock);
}

/* Never sleeps.  Afterwards the mutex may be freed by its next owner. */
void
mutex_unlock(struct mutex *mutex)
{
	struct thread *self = thread_self();
	uintptr_t owner = (uintptr_t)self;

	mutex_note_released(self, mutex);
	if (!atomic_compare_exchange_strong(&mutex->owner, &owner, 0))
		mutex_give_to_next(mutex);
}

/* Does the running thread hold it? */
bool
mutex_held(const struct mutex *mutex)
{
	return mutex_is_owner(mutex, thread_self());
}

/*
 * Wait queues, sleeping locks, and polling.
 *
 *	struct waiter w;
 *	waitq_enter(&queue, &w, self);
 *	for (;;) {
 *		sched_prepare(self, SLEEP_INTERRUPTIBLE, "what for");
 *		if (condition) break;
 *		if ((error = sched_sleep(self, deadline))) break;
 *	}
 *	sched_awake(self);
 *	waitq_leave(&w);
 *
 * WAIT_FOR does just that.  Whoever makes the condition true calls waitq_wake
 * afterwards.  The condition may take spinlocks, but must not sleep.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "list.h"
#include "lock.h"
#include "sched.h"

struct waitq {
	struct spinlock lock;
	struct list waiters;
};

struct waiter {
	struct list link;
	struct waitq *queue;
	struct thread *thread;
};

void waitq_init(struct waitq *queue);
void waitq_enter(struct waitq *queue, struct waiter *waiter,
		 struct thread *self);
void waitq_leave(struct waiter *waiter);
void waitq_wake(struct waitq *queue);	  /* all that wait */
void waitq_wake_one(struct waitq *queue); /* the one that has waited longest and
					     still sleeps */
bool waitq_wake_now(struct waitq *queue); /* as wake_one, and handed this
					     CPU; true: somebody was woken */
bool waitq_empty(struct waitq *queue);
/* The same, for wakers that hold the lock under which the waiters look, or have
 * a barrier behind the change. */
static inline bool
waitq_empty_plain(const struct waitq *queue)
{
	return __atomic_load_n(&queue->waiters.next, __ATOMIC_RELAXED) ==
	       &queue->waiters;
}

#define WAIT_FOR(queue, self, mode, what, deadline, condition)                 \
	__extension__({                                                        \
		struct waiter wait_waiter;                                     \
		int wait_error = 0;                                            \
		waitq_enter((queue), &wait_waiter, (self));                    \
		for (;;) {                                                     \
			sched_prepare((self), (mode), (what));                 \
			if (condition)                                         \
				break;                                         \
			wait_error = sched_sleep((self), (deadline));          \
			if (wait_error)                                        \
				break;                                         \
		}                                                              \
		sched_awake((self));                                           \
		waitq_leave(&wait_waiter);                                     \
		if (wait_error && (condition))                                 \
			wait_error = 0;                                        \
		wait_error;                                                    \
	})

/* ---- sleeping locks: the holder may sleep, but never waits for another
 * process's good will ---- */

struct mutex {
	_Atomic uintptr_t owner; /* a thread, + 1 if others wait; 0: free */
	struct spinlock lock;	 /* MUTEX: guards the waiters */
	uint16_t rank;
	struct list waiters;
};

void mutex_init(struct mutex *mutex, enum lock_rank rank);
void mutex_lock(struct mutex *mutex);
void mutex_unlock(struct mutex *mutex);
bool mutex_held(const struct mutex *mutex); /* by the running thread */
void mutex_lock_two(struct mutex *a,
		    struct mutex *b); /* of one rank, by address; a may be b */
void mutex_unlock_two(struct mutex *a, struct mutex *b);

/* For one that is there from the start. */
#define MUTEX_INIT(mutex, r)                                                   \
	{                                                                      \
		.lock = SPINLOCK_INIT(RANK_MUTEX), .rank = (r),                \
		.waiters = LIST_INIT((mutex).waiters)                          \
	}

/* ---- poll: a scheme's poll operation calls poll_on for each queue that may
 * change its answer ---- */

#define POLL_QUEUES 4 /* that one file's poll operation may name */

struct poll_table {
	struct thread *self;
	struct waiter *waiters; /* size of them, filled up to used: POLL_QUEUES
				   for each file will do */
	unsigned size, used;
};

void poll_on(struct poll_table *table,
	     struct waitq *queue); /* table NULL: only a look; does nothing */
void poll_end(struct poll_table *table);

/*
 * Wait queues: threads that wait for one thing to become true.  Called by
 * everything that sleeps, and by whoever makes it true.  Rule: a waiter is in
 * the queue before it looks at its condition, a waker looks at the queue after
 * it has changed it; so an empty queue costs the waker no lock.
 */
#include "waitq.h"

/* Before the queue's first use. */
void
waitq_init(struct waitq *queue)
{
	spin_init(&queue->lock, RANK_WAITQ);
	list_init(&queue->waiters);
}

/* Takes the WAITQ lock.  self then calls sched_prepare. */
void
waitq_enter(struct waitq *queue, struct waiter *waiter, struct thread *self)
{
	waiter->queue = queue;
	waiter->thread = self;
	spin_lock(&queue->lock);
	list_add_tail(&queue->waiters, &waiter->link);
	spin_unlock(&queue->lock);
}

/* Takes the WAITQ lock.  Afterwards no waker looks at the waiter. */
void
waitq_leave(struct waiter *waiter)
{
	spin_lock(&waiter->queue->lock);
	list_remove(&waiter->link);
	spin_unlock(&waiter->queue->lock);
}

/* What was changed before this is seen by a waiter that is not seen here. */
bool
waitq_empty(struct waitq *queue)
{
	const struct list *first;

	atomic_thread_fence(memory_order_seq_cst);
	first = __atomic_load_n(&queue->waiters.next, __ATOMIC_RELAXED);
	return first == &queue->waiters;
}

/* Takes the WAITQ lock; never sleeps; any context. */
void
waitq_wake(struct waitq *queue)
{
	if (waitq_empty(queue))
		return;
	spin_lock(&queue->lock);
	list_for_each(link, &queue->waiters)
		sched_wake(container_of(link, struct waiter, link)->thread);
	spin_unlock(&queue->lock);
}

/*
 * The first that sleeps.  One that only prepares to is woken as well, but does
 * not count: it may have seen its condition before the change, and be gone with
 * that.
 */
static bool
waitq_wake_first(struct waitq *queue, bool now)
{
	bool woken = false;

	if (waitq_empty(queue))
		return false;
	spin_lock(&queue->lock);
	list_for_each(link, &queue->waiters)
	{
		struct waiter *w = container_of(link, struct waiter, link);
		enum sched_woken how = sched_wake_how(w->thread, now);

		woken |= how != WOKEN_NOT;
		if (how == WOKEN_ASLEEP)
			break;
	}
	spin_unlock(&queue->lock);
	return woken;
}

/* Takes the WAITQ lock; never sleeps; any context. */
void
waitq_wake_one(struct waitq *queue)
{
	waitq_wake_first(queue, false);
}

/* Takes the WAITQ lock; for a thread that is about to sleep. */
bool
waitq_wake_now(struct waitq *queue)
{
	return waitq_wake_first(queue, true);
}

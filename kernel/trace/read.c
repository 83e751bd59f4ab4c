/*
 * Reading a session: advance, wait, look at the head of the queue, take it away
 * when it was delivered.
 *
 * An event leaves the queue only after it has been copied out, and nothing is
 * locked while it is copied: the session is marked as being read instead, so
 * there is one reader at a time and the others wait.  Advancing hands this CPU
 * over: the thread that is let go runs as soon as the reader sleeps, and is
 * queued if it does not.
 */
#include "trace/session.h"
#include "abi/errno.h"
#include "abi/fcntl.h"

/* SESSION lock: ends every hold whose event was delivered, save those that only
 * a verb ends. */
static void
advance_all(struct session *session, struct thread **to)
{
	if (session->by_verb)
		return;
	list_for_each_safe(pos, &session->delivered)
	{
		struct hold *hold = container_of(pos, struct hold, delivered);

		if (!hold->by_verb)
			hold_end(hold, to);
	}
}

/* SESSION lock: verbs without WHO are about this event's thread from now on.
 * Takes over the reference. */
static void
make_current(struct session *session, uint64_t seq, struct hold *hold)
{
	struct hold *before = session->current;

	session->delivered_seq = seq;
	session->current = hold;
	if (before)
		hold_put(session, before);
}

/* The hold of the thread that an event is about, if it is still a target's. */
static struct hold *
hold_of(struct session *session, const struct trace_event *event)
{
	list_for_each(t, &session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		if (target->process->pid != event->pid)
			continue;
		list_for_each(pos, &target->holds)
		{
			struct hold *hold =
				container_of(pos, struct hold, by_target);

			if (hold->thread->tid == event->tid)
				return hold;
		}
	}
	return NULL;
}

/* SESSION lock: what a reader may be told now; -EAGAIN: nothing. */
static int
read_state(const struct session *session)
{
	if (session->dead)
		return -EBADF;
	if (session->reading)
		return -EAGAIN;
	if (!list_empty(&session->queue))
		return 1;
	return session->target_count ? -EAGAIN : 0;
}

static struct event_node *
head_of(struct session *session)
{
	return container_of(session->queue.next, struct event_node, link);
}

/* SESSION lock: a look at the head, which stays until the reading ends. */
static const struct event_node *
peek(struct session *session)
{
	struct event_node *head = head_of(session);

	head->frozen = true;
	return head;
}

/* SESSION lock: the head was delivered, and was logged. */
static __attribute__((noinline)) void
consume_logged(struct session *session, struct event_node *node)
{
	struct hold *hold = hold_of(session, &node->event);

	if (hold)
		hold->refs++;
	make_current(session, node->event.seq, hold);
	event_unqueue(session, node);
}

/* SESSION lock: the head was delivered.  What a hold's own node stood on goes
 * over to session->current. */
static inline void
consume(struct session *session)
{
	struct event_node *node = head_of(session);
	struct hold *hold = node->hold;

	if (list_empty(&session->queue))
		return;
	if (!hold) {
		consume_logged(session, node);
		return;
	}
	if (hold->state == HOLD_QUEUED && hold->held_by == node) {
		hold->state = HOLD_DELIVERED;
		list_add_tail(&session->delivered, &hold->delivered);
	}
	event_take(node);
	make_current(session, node->event.seq, hold);
}

void
session_wake(struct session *session, struct thread **to)
{
	if (!waitq_empty_plain(&session->readers))
		waitq_wake(&session->readers);
	if (!session->sleeper)
		return;
	atomic_store_explicit(&session->quiet, 0, memory_order_relaxed);
	if (to)
		sched_wake_to(session->sleeper, to);
	else
		sched_wake(session->sleeper);
}

/* One reader waits without a queue; it says so under the lock under which
 * events come, so none is lost. */
static int
sleep_alone(struct thread *self, struct session *session, struct thread *to)
{
	int error;

	session->sleeper = self;
	atomic_store_explicit(&session->quiet, 1, memory_order_relaxed);
	spin_unlock_first(&session->lock);
	error = sched_sleep_while(self, SLEEP_INTERRUPTIBLE, "trace event",
				  &session->quiet, to);
	spin_lock_first(&session->lock);
	session->sleeper = NULL;
	return error;
}

static __attribute__((noinline)) int
sleep_in_queue(struct thread *self, struct session *session, struct thread *to)
{
	struct waiter waiter;
	int error;

	if (to)
		sched_queue(to);
	waitq_enter(&session->readers, &waiter, self);
	sched_prepare(self, SLEEP_INTERRUPTIBLE, "trace event");
	spin_unlock_first(&session->lock);
	error = sched_sleep(self, DEADLINE_NONE);
	waitq_leave(&waiter);
	spin_lock_first(&session->lock);
	return error;
}

/* SESSION lock, let go while it sleeps, once at least; hands over to *to, which
 * is NULL then. */
static int
read_wait(struct thread *self, struct session *session, struct thread **to)
{
	int state, error;

	do {
		error = session->sleeper ? sleep_in_queue(self, session, *to)
					 : sleep_alone(self, session, *to);
		*to = NULL;
		state = read_state(session);
	} while (state == -EAGAIN && !error);
	return state == -EAGAIN ? error : state;
}

int
session_read_begin(struct thread *self, struct session *session, bool advance,
		   bool nonblock, const struct event_node **head)
{
	struct thread *to = NULL;
	int state;

	spin_lock_first(&session->lock);
	if (advance && !session->dead)
		advance_all(session, &to);
	state = read_state(session);
	if (state == -EAGAIN && !nonblock)
		state = read_wait(self, session, &to);
	if (state == 1) {
		session->reading = true;
		*head = peek(session);
	}
	spin_unlock_first(&session->lock);
	if (to)
		sched_queue(to);
	return state;
}

const struct event_node *
session_read_next(struct session *session)
{
	const struct event_node *head = NULL;

	spin_lock_first(&session->lock);
	consume(session);
	if (!session->dead && !list_empty(&session->queue))
		head = peek(session);
	spin_unlock_first(&session->lock);
	return head;
}

void
session_read_end(struct session *session, bool delivered)
{
	bool dead, room;

	spin_lock_first(&session->lock);
	if (delivered)
		consume(session);
	session->reading = false;
	dead = session->dead;
	room = !waitq_empty_plain(&session->room);
	if (session->sleeper || !waitq_empty_plain(&session->readers))
		session_wake(session, NULL);
	spin_unlock_first(&session->lock);
	if (room)
		waitq_wake(&session->room);
	if (dead)
		session_queue_empty(session);
}

unsigned
session_poll(struct session *session, struct poll_table *table)
{
	unsigned events = KPOLLOUT;

	poll_on(table, &session->readers);
	spin_lock(&session->lock);
	if (!list_empty(&session->queue))
		events |= KPOLLIN;
	list_for_each(t, &session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		list_for_each(pos,
			      &target->holds) if (container_of(pos, struct hold,
							       by_target)
							  ->state != HOLD_NONE)
			events |= KPOLLPRI;
	}
	if (!session->target_count)
		events |= KPOLLHUP;
	spin_unlock(&session->lock);
	return events;
}

/*
 * Reading a session: advance, wait, look at the head of the queue, take it away
 * when it was delivered.
 *
 * An event leaves the queue only after it has been copied out, and nothing is
 * locked while it is copied: the session is marked as being read instead, so
 * there is one reader at a time and the others wait.  Advancing hands this CPU
 * over: the thread that is let go runs as soon as the reader sleeps.
 */
#include "trace/session.h"
#include "abi/errno.h"
#include "abi/fcntl.h"

/* SESSION lock: ends every hold whose event was delivered, save those that only
 * a verb ends. */
static void
advance_all(struct session *session)
{
	if (session->by_verb)
		return;
	list_for_each_safe(pos, &session->delivered)
	{
		struct hold *hold = container_of(pos, struct hold, delivered);

		if (!hold->by_verb)
			hold_end(hold, true);
	}
}

/* SESSION lock: verbs without WHO are about this event's thread from now on. */
static void
make_current(struct session *session, const struct trace_event *event,
	     struct hold *hold)
{
	session->delivered_seq = event->seq;
	if (hold)
		hold->refs++;
	if (session->current)
		hold_put(session, session->current);
	session->current = hold;
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

/* SESSION lock: the head was delivered. */
static void
consume(struct session *session)
{
	struct event_node *node;
	struct hold *hold;

	if (list_empty(&session->queue))
		return;
	node = head_of(session);
	hold = node->hold ? node->hold : hold_of(session, &node->event);
	make_current(session, &node->event, hold);
	if (node->hold && hold->state == HOLD_QUEUED && hold->held_by == node) {
		hold->state = HOLD_DELIVERED;
		list_add_tail(&session->delivered, &hold->delivered);
	}
	event_unqueue(session, node);
}

void
session_wake(struct session *session, bool now)
{
	if (session->sleeper) {
		if (now)
			sched_wake_now(session->sleeper);
		else
			sched_wake(session->sleeper);
	}
	if (!waitq_empty(&session->readers))
		waitq_wake(&session->readers);
}

/* One reader waits without a queue; it prepares under the lock under which
 * events come, so none is lost. */
static int
sleep_alone(struct thread *self, struct session *session)
{
	int error;

	session->sleeper = self;
	sched_prepare(self, SLEEP_INTERRUPTIBLE, "trace event");
	spin_unlock_first(&session->lock);
	error = sched_sleep(self, DEADLINE_NONE);
	spin_lock_first(&session->lock);
	session->sleeper = NULL;
	return error;
}

static int
sleep_in_queue(struct thread *self, struct session *session)
{
	struct waiter waiter;
	int error;

	waitq_enter(&session->readers, &waiter, self);
	sched_prepare(self, SLEEP_INTERRUPTIBLE, "trace event");
	spin_unlock_first(&session->lock);
	error = sched_sleep(self, DEADLINE_NONE);
	waitq_leave(&waiter);
	spin_lock_first(&session->lock);
	return error;
}

/* SESSION lock, let go while it sleeps. */
static int
read_wait(struct thread *self, struct session *session)
{
	int state, error = 0;

	while ((state = read_state(session)) == -EAGAIN && !error)
		error = session->sleeper ? sleep_in_queue(self, session)
					 : sleep_alone(self, session);
	return state == -EAGAIN ? error : state;
}

int
session_read_begin(struct thread *self, struct session *session, bool advance,
		   bool nonblock, const struct event_node **head)
{
	int state;

	spin_lock_first(&session->lock);
	if (advance && !session->dead)
		advance_all(session);
	state = nonblock ? read_state(session) : read_wait(self, session);
	if (state == 1) {
		session->reading = true;
		*head = peek(session);
	}
	spin_unlock_first(&session->lock);
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
	room = !waitq_empty(&session->room);
	session_wake(session, false);
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

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

/* Takes the session for reading if there is something: as read_state. */
static int
read_claim(struct session *session)
{
	int state;

	spin_lock(&session->lock);
	state = read_state(session);
	if (state == 1)
		session->reading = true;
	spin_unlock(&session->lock);
	return state;
}

static int
read_wait(struct thread *self, struct session *session)
{
	struct waiter waiter;
	int state, error = 0;

	waitq_enter(&session->readers, &waiter, self);
	do {
		sched_prepare(self, SLEEP_INTERRUPTIBLE, "trace event");
		state = read_claim(session);
		if (state != -EAGAIN)
			break;
		error = sched_sleep(self, DEADLINE_NONE);
	} while (!error);
	sched_awake(self);
	waitq_leave(&waiter);
	return error ? error : state;
}

int
session_read_begin(struct thread *self, struct session *session, bool advance,
		   bool nonblock)
{
	int state;

	spin_lock(&session->lock);
	if (advance && !session->dead)
		advance_all(session);
	state = read_state(session);
	if (state == 1)
		session->reading = true;
	spin_unlock(&session->lock);
	if (state != -EAGAIN || nonblock)
		return state;
	return read_wait(self, session);
}

bool
session_peek(struct session *session, struct trace_event *event,
	     struct event_text **text)
{
	struct event_node *head;

	spin_lock(&session->lock);
	if (session->dead || list_empty(&session->queue)) {
		spin_unlock(&session->lock);
		return false;
	}
	head = container_of(session->queue.next, struct event_node, link);
	head->frozen = true;
	*event = head->event;
	*text = head->text;
	event_text_get(*text);
	spin_unlock(&session->lock);
	return true;
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

void
session_consume(struct session *session)
{
	struct event_node *node;
	struct hold *hold;

	spin_lock(&session->lock);
	if (session->dead || list_empty(&session->queue)) {
		spin_unlock(&session->lock);
		return;
	}
	node = container_of(session->queue.next, struct event_node, link);
	hold = node->hold ? node->hold : hold_of(session, &node->event);
	make_current(session, &node->event, hold);
	if (node->hold && hold->state == HOLD_QUEUED && hold->held_by == node) {
		hold->state = HOLD_DELIVERED;
		list_add_tail(&session->delivered, &hold->delivered);
	}
	event_unqueue(session, node);
	spin_unlock(&session->lock);
	if (!waitq_empty(&session->room))
		waitq_wake(&session->room);
}

void
session_read_end(struct session *session)
{
	spin_lock(&session->lock);
	session->reading = false;
	spin_unlock(&session->lock);
	if (!waitq_empty(&session->readers))
		waitq_wake(&session->readers);
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

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
#include "trace/hold.h"
#include "sched_sleep.h"
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

		if (!hold->by_verb && !hold->held_by->frozen)
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

/* SESSION lock, nobody reads: what was current before the event that was given
 * is of no use any more.  Before the current event changes again. */
static inline void
forget_before(struct session *session)
{
	if (session->before && session->before != session->current)
		hold_put(session, session->before);
	session->before = NULL;
}

/* SESSION lock: what a reader may be told now; -EAGAIN: nothing.  busy:
 * somebody read at a moment since it was taken.  Who reads may end without the
 * lock: so one look is for all that is decided. */
static int
read_state(const struct session *session, bool busy)
{
	if (session->dead)
		return -EBADF;
	if (busy)
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

	atomic_store_explicit(&head->frozen, true, memory_order_relaxed);
	return head;
}

/* SESSION lock: the head was delivered, and was logged.  What it stood on goes
 * over to session->current. */
static __attribute__((noinline)) void
consume_logged(struct session *session, struct event_node *node)
{
	make_current(session, node->event.seq, node->about);
	node->about = NULL;
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
	atomic_store_explicit(&node->frozen, false, memory_order_relaxed);
	event_take(node);
	make_current(session, node->event.seq, hold);
}

void
session_wake(struct session *session, struct thread **to)
{
	session->untold = false;
	if (!waitq_empty_plain(&session->readers))
		waitq_wake(&session->readers);
	if (!session->sleeper)
		return;
	atomic_store_explicit(&session->sleeper->trace->quiet, 0,
			      memory_order_relaxed);
	if (to)
		sched_wake_to(session->sleeper, to);
	else
		sched_wake(session->sleeper);
}

void
session_wake_late(struct session *session, struct thread *self)
{
	if (!session->sleeper && waitq_empty_plain(&session->readers))
		return;
	if (session->logged >= LOG_NODES / 2) {
		session_wake(session, NULL);
		return;
	}
	session->untold = true;
	if (thread_flags(self) & THREAD_LOGGED)
		return;
	atomic_fetch_or(&self->arch.flags, THREAD_LOGGED);
	sched_tick_soon();
}

void
trace_tell(struct thread *self)
{
	struct trace_process *targets = self->process->trace;

	thread_unflag(self, THREAD_LOGGED);
	spin_lock(&targets->lock);
	list_for_each(pos, &self->trace->holds_list)
	{
		struct session *session =
			container_of(pos, struct hold, by_thread)->session;

		spin_lock(&session->lock);
		if (session->untold)
			session_wake(session, NULL);
		spin_unlock(&session->lock);
	}
	spin_unlock(&targets->lock);
}

/* SESSION lock: the event that was given was not delivered; it is at the head
 * of the queue, and what was current is so again.  A hold that ended meanwhile
 * leaves its event as `log`. */
static void
give_back(struct session *session, struct event_node *node)
{
	struct hold *hold = node->hold;

	if (hold->state == HOLD_DELIVERED && hold->held_by == node) {
		list_remove(&hold->delivered);
		hold->state = HOLD_QUEUED;
	} else {
		node->event.flags &= (uint16_t)~TRACE_EF_HOLD;
	}
	if (session->before == hold)
		hold->refs++;
	else /* its reference is the queue's now */
		session->current = session->before;
	session->delivered_seq = session->before_seq;
	session->before = NULL;
	list_insert(&node->link, &session->queue, session->queue.next);
	node->queued = true;
}

void
session_take_back(struct session *session)
{
	struct event_node *node = atomic_exchange(&session->given, NULL);

	if (!node)
		return;
	give_back(session, node);
	atomic_store_explicit(&node->frozen, false, memory_order_relaxed);
	atomic_store(&session->reading, false);
	if (!waitq_empty_plain(&session->readers))
		waitq_wake(&session->readers);
}

/* What the reader was given is its to copy from now on; false: nothing was, or
 * it was taken back. */
static inline bool
take_given(struct session *session)
{
	struct event_node *node = atomic_exchange_explicit(
		&session->given, NULL, memory_order_acq_rel);

	if (!node)
		return false;
	session->taken = node;
	return true;
}

/* SESSION lock, let go.  One reader waits without a queue; it says so under the
 * lock under which events come, so none is lost.  It looks at a word of its
 * own: before it sleeps, it may have been given an event that was taken back,
 * and another reader be the sleeper.  1: it was given an event.  Else the lock
 * is held again: 0 or -EINTR. */
static inline __attribute__((always_inline)) int
sleep_alone(struct thread *self, struct session *session, struct thread *to)
{
	_Atomic uint32_t *quiet = &self->trace->quiet;
	int error;

	session->sleeper = self;
	atomic_store_explicit(quiet, 1, memory_order_relaxed);
	spin_unlock_first(&session->lock);
	error = sched_sleep_while(self, SLEEP_INTERRUPTIBLE, "trace event",
				  quiet, to, arch_time_ns());
	if (take_given(session))
		return 1;
	spin_lock_first(&session->lock);
	if (session->sleeper == self) {
		session->sleeper = NULL;
		return error;
	}
	/* it was given one while it woke for another reason; that may have been
	 * taken back */
	if (!take_given(session))
		return error;
	spin_unlock_first(&session->lock);
	return 1;
}

static __attribute__((noinline)) int
sleep_in_queue(struct thread *self, struct session *session, bool busy)
{
	struct waiter waiter;
	int error = 0;
	bool over;

	waitq_enter(&session->readers, &waiter, self);
	sched_prepare(self, SLEEP_INTERRUPTIBLE, "trace event");
	/* who reads now may end without the lock: it looks at the queue of
	 * readers then, or is seen to have ended here */
	over = busy && !atomic_load(&session->reading);
	spin_unlock_first(&session->lock);
	if (over)
		sched_awake(self);
	else
		error = sched_sleep(self, DEADLINE_NONE);
	waitq_leave(&waiter);
	spin_lock_first(&session->lock);
	return error;
}

/* SESSION lock, let go.  state: what the queue says.  As session_read_begin. */
static int
read_take(struct session *session, int state, const struct event_node **head)
{
	if (state == 1) {
		atomic_store(&session->reading, true);
		*head = peek(session);
	}
	spin_unlock_first(&session->lock);
	return state;
}

/* SESSION lock, let go.  It sleeps again until there is something, or an error
 * has come. */
static __attribute__((noinline)) int
read_wait(struct thread *self, struct session *session, int error,
	  const struct event_node **head)
{
	int state;

	for (;;) {
		bool busy;

		session_take_back(session);
		busy = atomic_load(&session->reading);
		if (!busy)
			forget_before(session);
		state = read_state(session, busy);
		if (state != -EAGAIN || error)
			break;
		if (session->sleeper || busy)
			error = sleep_in_queue(self, session, busy);
		else
			error = sleep_alone(self, session, NULL);
		if (error == 1) {
			*head = session->taken;
			return 1;
		}
	}
	return read_take(session, state == -EAGAIN ? error : state, head);
}

/* SESSION lock, let go.  Where the thread that was let go is not what this CPU
 * runs next. */
static __attribute__((noinline)) int
read_at_once(struct thread *self, struct session *session, bool nonblock,
	     struct thread *to, const struct event_node **head)
{
	if (to)
		sched_queue(to);
	return read_wait(self, session, nonblock ? -EAGAIN : 0, head);
}

int
session_read_begin(struct thread *self, struct session *session, bool advance,
		   bool nonblock, const struct event_node **head)
{
	struct thread *to = NULL;
	int woken;
	bool busy;

	spin_lock_first(&session->lock);
	busy = atomic_load_explicit(&session->reading, memory_order_relaxed);
	if (!busy)
		forget_before(session);
	if (advance && !session->dead)
		advance_all(session, &to);
	if (nonblock || busy || session->sleeper || session->dead ||
	    !session->target_count || !list_empty(&session->queue))
		return read_at_once(self, session, nonblock, to, head);
	woken = sleep_alone(self, session, to);
	if (woken != 1)
		return read_wait(self, session, woken, head);
	*head = session->taken;
	return 1;
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

/* With the lock; given: what was not delivered of what was given, or NULL. */
static __attribute__((noinline)) void
read_end_locked(struct session *session, struct event_node *given,
		bool delivered)
{
	bool dead, room;

	spin_lock_first(&session->lock);
	if (given)
		give_back(session, given);
	else if (delivered)
		consume(session);
	atomic_store(&session->reading, false);
	dead = session->dead;
	room = !waitq_empty_plain(&session->room);
	if (!waitq_empty_plain(&session->readers))
		waitq_wake(&session->readers);
	spin_unlock_first(&session->lock);
	if (room)
		waitq_wake(&session->room);
	if (dead)
		session_queue_empty(session);
}

/* This reader is none any more: another may be one already, or the session be
 * closed. */
static __attribute__((noinline)) void
read_end_tell(struct session *session)
{
	bool dead;

	spin_lock_first(&session->lock);
	dead = session->dead;
	if (!waitq_empty_plain(&session->readers))
		waitq_wake(&session->readers);
	spin_unlock_first(&session->lock);
	if (dead)
		session_queue_empty(session);
}

void
session_read_end(struct session *session, bool delivered)
{
	struct event_node *taken = session->taken;

	session->taken = NULL;
	if (!taken || !delivered) {
		read_end_locked(session, taken, delivered);
		return;
	}
	if (taken->text)
		event_text_put(taken->text);
	taken->text = NULL;
	atomic_store_explicit(&taken->frozen, false, memory_order_release);
	/* whoever waits for this either is seen here, or sees it */
	atomic_exchange(&session->reading, false);
	if (session->dead || !waitq_empty_plain(&session->readers))
		read_end_tell(session);
}

unsigned
session_poll(struct session *session, struct poll_table *table)
{
	unsigned events = KPOLLOUT;

	poll_on(table, &session->readers);
	spin_lock(&session->lock);
	if (!list_empty(&session->queue) || atomic_load(&session->given))
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

/*
 * Verbs that are about a thread: whom they mean, and what they do.  Called by
 * schemes/proc with the session written by nobody else.
 *
 * WHO is looked up and the verb is done under one SESSION lock, so a hold that
 * was found stands until the verb is over.
 */
#include "trace/hold.h"
#include "trace/trace.h"
#include "abi/errno.h"
#include "heap.h"

struct act {
	struct session *session;
	struct who who;
	int (*act)(struct hold *, struct act *);
	bool needs_hold;
	const uint64_t *words;
	bool first; /* no event was delivered yet, and nobody was named */
};

static bool
hold_over(const struct hold *hold)
{
	return !hold->target || hold->thread->trace->ended;
}

/* The hold of the event with this seq, or -errno. */
static int
find_seq(struct session *session, uint64_t seq, bool needs_hold,
	 struct hold **found)
{
	if (seq > session->delivered_seq)
		return list_empty(&session->targets) ? -ESRCH : -ESTALE;
	if (seq == session->delivered_seq) {
		struct hold *hold = session->current;

		if (!hold || hold_over(hold))
			return -ESRCH;
		*found = hold;
		return needs_hold && (hold->state != HOLD_DELIVERED ||
				      hold->held_by->event.seq != seq)
			       ? -ESTALE
			       : 0;
	}
	list_for_each(pos, &session->delivered)
	{
		*found = container_of(pos, struct hold, delivered);
		if ((*found)->held_by->event.seq == seq)
			return hold_over(*found) ? -ESRCH : 0;
	}
	return list_empty(&session->targets) ? -ESRCH : -ESTALE;
}

/* One hold that a tid, a pid or `all` names.  `all` lets pass what it does not
 * fit. */
static int
act_named(struct hold *hold, struct act *act)
{
	bool all = act->who.kind == WHO_ALL;

	if (hold_over(hold))
		return all ? 0 : -ESRCH;
	if (act->needs_hold && hold->state == HOLD_NONE && !hold->stop_wanted)
		return all ? 0 : -EBUSY;
	if (act->needs_hold && hold->state == HOLD_QUEUED && act->first)
		return -ESTALE;
	return act->act(hold, act);
}

static bool
who_fits(const struct who *who, const struct hold *hold)
{
	if (who->kind == WHO_TID)
		return hold->thread->tid == who->number;
	if (who->kind == WHO_PID)
		return hold->target->process->pid == who->number;
	return true;
}

/* Of several threads that a pid or `all` names, one success is success; but
 * what could not be done although it was to be is told. */
static int
act_each(struct act *act)
{
	int error = act->who.kind == WHO_ALL ? 0 : -ESRCH;
	bool done = false;

	list_for_each(t, &act->session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		if (act->first && target->process != act->session->first)
			continue; /* its pid may be another's by now */
		list_for_each(pos, &target->holds)
		{
			struct hold *hold =
				container_of(pos, struct hold, by_target);
			int result;

			if (!who_fits(&act->who, hold))
				continue;
			result = act_named(hold, act);
			if (result == -EAGAIN || result == -ENOSPC ||
			    result == -ENOMEM)
				return result;
			done |= result == 0;
			error = result;
		}
	}
	return done ? 0 : error;
}

/* Before the first event: the process that the session was opened on. */
static int
act_first(struct act *act)
{
	if (!act->session->first)
		return -ESRCH;
	act->who = (struct who){.kind = WHO_PID,
				.number = act->session->first->pid};
	act->first = true;
	return act_each(act);
}

static int
act_once(struct act *act)
{
	struct session *session = act->session;
	struct hold *hold = NULL;
	int error;

	spin_lock(&session->lock);
	session_take_back(session);
	if (act->who.kind == WHO_CURRENT && !session->delivered_seq) {
		error = act_first(act);
	} else if (act->who.kind == WHO_CURRENT || act->who.kind == WHO_SEQ) {
		error = find_seq(session,
				 act->who.kind == WHO_SEQ
					 ? act->who.number
					 : session->delivered_seq,
				 act->needs_hold, &hold);
		if (!error)
			error = act->act(hold, act);
	} else {
		error = act_each(act);
	}
	spin_unlock(&session->lock);
	return error;
}

/* A reader that copies an event out right now is waited for: it holds no lock
 * and waits for nobody. */
static int
act_run(struct act *act)
{
	struct act again = *act;
	int error;

	while ((error = act_once(&again)) == -EAGAIN) {
		again = *act;
		sched_yield(thread_self());
	}
	return error;
}

/* -ENOSPC: too many wait to be read already.
 * The event of a hold that ends before it was read gets a node of its own: the
 * thread may soon make another. */
static int
keep_as_log(struct hold *hold)
{
	struct event_node *node;

	if (hold->session->kept == LOG_NODES)
		return -ENOSPC;
	node = heap_zalloc(sizeof(*node));
	if (!node)
		return -ENOMEM;
	hold->session->kept++;
	node->kind = NODE_HEAP;
	node->queued = true;
	node->text = hold->node.text;
	node->event = hold->node.event;
	node->event.flags &= (uint16_t)~TRACE_EF_HOLD;
	list_insert(&node->link, hold->node.link.prev, hold->node.link.next);
	list_init(&hold->node.link);
	hold->node.text = NULL;
	hold->node.queued = false;
	node->about = hold; /* the reference goes with the event */
	return 0;
}

static int
act_let_go(struct hold *hold, struct act *act)
{
	(void)act;
	if (hold->state == HOLD_NONE) {
		hold->stop_wanted = false;
		return 0;
	}
	if (hold->session->reading && hold->held_by->frozen)
		return -EAGAIN; /* a reader is copying it */
	if (hold->state == HOLD_QUEUED && hold->held_by == &hold->node) {
		int error = keep_as_log(hold);

		if (error)
			return error;
	}
	hold_end(hold, NULL);
	return 0;
}

int
session_run(struct session *session, struct who who)
{
	struct act act = {session, who, act_let_go, true, NULL, false};

	return act_run(&act);
}

static int
act_stop(struct hold *hold, struct act *act)
{
	(void)act;
	hold_stop(hold);
	return 0;
}

int
session_stop(struct session *session, struct who who)
{
	struct act act = {session, who, act_stop, false, NULL, false};

	return act_run(&act);
}

static int
act_return(struct hold *hold, struct act *act)
{
	uint32_t at = atomic_load(&hold->thread->trace->at);

	if (hold->state == HOLD_NONE || (at != AT_ENTER && at != AT_LEAVE))
		return -EBUSY;
	trace_give(hold->thread, at == AT_ENTER, act->words[0]);
	return 0;
}

int
session_return(struct session *session, struct who who, int64_t value)
{
	uint64_t word = (uint64_t)value;
	struct act act = {session, who, act_return, true, &word, false};

	return act_run(&act);
}

static int
act_args(struct hold *hold, struct act *act)
{
	struct trace_thread *trace = hold->thread->trace;

	if (hold->state == HOLD_NONE || atomic_load(&trace->at) != AT_ENTER)
		return -EBUSY;
	trace_keep_asked(hold->thread);
	arch_call_set(thread_frame(hold->thread), act->words[0],
		      act->words + 1);
	trace->given = false;
	return 0;
}

int
session_args(struct session *session, struct who who,
	     const uint64_t number_and_arguments[7])
{
	struct act act = {session, who, act_args, true, number_and_arguments,
			  false};

	return act_run(&act);
}

static int
act_signal(struct hold *hold, struct act *act)
{
	struct trace_thread *trace = hold->thread->trace;
	int signal = (int)act->words[0];

	if (hold->state == HOLD_NONE || atomic_load(&trace->at) == AT_END)
		return -EBUSY;
	if (trace->judging) {
		trace->signal = signal;
		return 0;
	}
	atomic_store(&trace->injected, signal);
	if (signal)
		thread_flag(hold->thread, THREAD_SIGNAL);
	return 0;
}

int
session_signal(struct session *session, struct who who, int signal)
{
	uint64_t word = (uint64_t)signal;
	struct act act = {session, who, act_signal, true, &word, false};

	return act_run(&act);
}

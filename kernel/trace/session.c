/*
 * Sessions: made by an open of a trace file, closed by the last descriptor.
 *
 * Called by schemes/proc.  One rule: from its close on a session is dead before
 * anything of it is taken apart, so no event of it starts meanwhile.
 */
#include "trace/edges.h"
#include "trace/hold.h"
#include "heap.h"

struct session *
session_create(struct thread *opener, bool controller, bool exclusive)
{
	struct session *session = heap_zalloc(sizeof(*session));

	if (!session)
		return NULL;
	session->refs = 1;
	session->controller = controller;
	session->exclusive = exclusive;
	session->drop = !controller;
	process_get(opener->process);
	session->opener = opener->process;
	session->asker = rights_asker(opener);
	list_init(&session->by_opener);
	list_init(&session->by_number);
	mutex_init(&session->write_lock, RANK_TRACE_WRITE);
	spin_init(&session->lock, RANK_SESSION);
	list_init(&session->targets);
	list_init(&session->queue);
	list_init(&session->delivered);
	list_init(&session->pool_free);
	session->lost.kind = NODE_LOST;
	waitq_init(&session->readers);
	waitq_init(&session->room);
	edges_opened(session);
	return session;
}

void
session_put(struct session *session)
{
	if (atomic_fetch_sub(&session->refs, 1) != 1)
		return;
	edges_closed(session);
	process_put(session->opener);
	if (session->first)
		process_put(session->first);
	heap_free(session->rules);
	heap_free(session->pool);
	heap_free(session);
}

/* Does closing kill it: by policy, or because it was born held and never
 * advanced? */
static bool
close_kills(struct session *session, struct process *process)
{
	bool kills = session->close == CLOSE_KILL;

	spin_lock(&session->lock);
	list_for_each(t, &session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		if (target->process != process)
			continue;
		list_for_each(pos, &target->holds) kills |=
			container_of(pos, struct hold, by_target)->born_held;
	}
	spin_unlock(&session->lock);
	return kills;
}

/* Of a dead session: by its close, or, if a reader is at the head still, by the
 * reader's end. */
void
session_queue_empty(struct session *session)
{
	spin_lock(&session->lock);
	if (session->reading) {
		spin_unlock(&session->lock);
		return;
	}
	if (session->before && session->before != session->current)
		hold_put(session, session->before);
	if (session->current)
		hold_put(session, session->current);
	session->current = NULL;
	session->before = NULL;
	while (!list_empty(&session->queue))
		event_unqueue(session, container_of(session->queue.next,
						    struct event_node, link));
	spin_unlock(&session->lock);
}

void
session_close(struct session *session, void (*kill)(struct process *))
{
	struct process *process;

	spin_lock(&session->lock);
	session->dead = true;
	session_take_back(session);
	session_wake(session, NULL);
	spin_unlock(&session->lock);
	waitq_wake(&session->room);
	while ((process = session_target_after(session, 0))) {
		if (close_kills(session, process))
			kill(process);
		target_remove(session, process);
		rule_masks_update(process);
		process_put(process);
	}
	session_queue_empty(session);
}

void
session_write_begin(struct session *session)
{
	mutex_lock(&session->write_lock);
}

void
session_write_end(struct session *session)
{
	mutex_unlock(&session->write_lock);
}

void
session_set_close(struct session *session, enum close_policy policy)
{
	spin_lock(&session->lock);
	session->close = policy;
	spin_unlock(&session->lock);
}

void
session_set_by_verb(struct session *session, bool by_verb)
{
	spin_lock(&session->lock);
	session->by_verb = by_verb;
	spin_unlock(&session->lock);
}

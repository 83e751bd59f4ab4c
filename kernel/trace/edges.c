/*
 * The graph of tracers.  A new edge is refused if its end leads back to its
 * beginning; check and insertion are under one lock, so that two opens that
 * would close a circle together cannot both pass.  The walk uses links that lie
 * in the processes: it needs no memory and no recursion.
 */
#include "trace/edges.h"
#include "trace/session.h"

static struct spinlock lock = SPINLOCK_INIT(RANK_EDGES);
/* EDGES lock: every session, oldest first, and how many there have been. */
static struct list all_sessions = LIST_INIT(all_sessions);
static uint64_t session_count;
static uint64_t
	walks; /* EDGES lock: the number of this walk marks whom it has seen */

void
edges_lock(void)
{
	spin_lock(&lock);
}

void
edges_unlock(void)
{
	spin_unlock(&lock);
}

void
edges_opened(struct session *session)
{
	spin_lock(&lock);
	session->number = ++session_count;
	list_add_tail(&all_sessions, &session->by_number);
	list_add_tail(&session->opener->trace->opened, &session->by_opener);
	spin_unlock(&lock);
}

void
edges_closed(struct session *session)
{
	spin_lock(&lock);
	list_remove(&session->by_opener);
	list_remove(&session->by_number);
	spin_unlock(&lock);
}

/* EDGES lock.  false: its last reference is gone, and it waits for the lock to
 * leave the list. */
static bool
get_living(struct session *session)
{
	uint32_t refs = atomic_load(&session->refs);

	while (refs)
		if (atomic_compare_exchange_weak(&session->refs, &refs,
						 refs + 1))
			return true;
	return false;
}

struct session *
edges_next(struct session *before)
{
	struct session *next = NULL;

	spin_lock(&lock);
	for (struct list *at = before ? before->by_number.next
				      : all_sessions.next;
	     !next && at != &all_sessions; at = at->next) {
		struct session *session =
			container_of(at, struct session, by_number);

		if (get_living(session))
			next = session;
	}
	spin_unlock(&lock);
	if (before)
		session_put(before);
	return next;
}

static void
visit(struct list *todo, struct process *process)
{
	struct trace_process *trace = process->trace;

	if (trace->visited == walks)
		return;
	trace->visited = walks;
	list_add_tail(todo, &trace->visit);
}

/* All whom this process traces. */
static void
visit_targets(struct list *todo, struct trace_process *trace)
{
	list_for_each(s, &trace->opened)
	{
		struct session *session =
			container_of(s, struct session, by_opener);

		list_for_each(t, &session->targets) visit(
			todo,
			container_of(t, struct target, by_session)->process);
	}
}

bool
edges_cycle(struct process *opener, struct process *target)
{
	struct list todo;
	bool found = false;

	list_init(&todo);
	walks++;
	visit(&todo, target);
	while (!list_empty(&todo)) {
		struct trace_process *trace =
			container_of(todo.next, struct trace_process, visit);

		list_remove(&trace->visit);
		found |= trace->process == opener;
		visit_targets(&todo, trace);
	}
	return found;
}

/*
 * The graph of tracers.  A new edge is refused if its end leads back to its
 * beginning; check and insertion are under one lock, so that two opens that
 * would close a circle together cannot both pass.  The walk uses links that lie
 * in the processes: it needs no memory and no recursion.
 */
#include "trace/edges.h"
#include "trace/session.h"

static struct spinlock lock = SPINLOCK_INIT(RANK_EDGES);
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
	list_add_tail(&session->opener->trace->opened, &session->by_opener);
	spin_unlock(&lock);
}

void
edges_closed(struct session *session)
{
	spin_lock(&lock);
	list_remove(&session->by_opener);
	spin_unlock(&lock);
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

/*
 * Parents and children: who enters the family and the table, who leaves it, who
 * has news.  Called by fork.c, exec_spawn.c, exit.c, exit_wait.c and signal.c.
 *
 * A child is in one of its parent's two lists: children, or news if wait4 has
 * something to hear of it.  A process that was told to end gets no more
 * children, decided under the lock under which the table is walked.
 */
#include "process.h"

#include "abi/errno.h"
#include "process_numbers.h"

/* Signals are posted under the PROCESS lock. */
static bool
process_is_signalled(struct process *process, struct thread *maker)
{
	bool signalled;

	spin_lock(&process->lock);
	signalled = process->ending_set ||
		    (thread_flags(maker) & (THREAD_SIGNAL | THREAD_KILLED));
	spin_unlock(&process->lock);
	return signalled;
}

int
process_publish(struct process *process, struct thread *maker)
{
	struct process *parent = process->parent;
	bool refused;

	spin_lock(&process_table_lock);
	refused = parent && process_is_signalled(parent, maker);
	if (!refused) {
		if (parent)
			list_add_tail(&parent->children, &process->sibling);
		else
			process_one = process;
		atomic_store(&process->state, PROCESS_ALIVE);
		process_get(process);
		process_number_publish(process);
	}
	spin_unlock(&process_table_lock);
	return refused ? -EINTR : 0;
}

void
process_reap(struct process *process)
{
	list_remove(&process->sibling);
	spin_lock(&process->lock);
	process->parent = NULL;
	atomic_store(&process->state, PROCESS_REAPED);
	spin_unlock(&process->lock);
	process_number_drop(process);
}

void
process_has_news(struct process *process)
{
	struct process *parent = process->parent;

	if (!parent)
		return;
	list_remove(&process->sibling);
	list_add_tail(&parent->news, &process->sibling);
	atomic_fetch_add(&parent->child_changes, 1);
	waitq_wake(&parent->child_wait);
}

void
process_has_none(struct process *process)
{
	list_remove(&process->sibling);
	list_add_tail(&process->parent->children, &process->sibling);
}

static void
process_give(struct process *process, struct process *parent)
{
	list_remove(&process->sibling);
	spin_lock(&process->lock);
	process->parent = parent;
	spin_unlock(&process->lock);
	list_add_tail(&parent->children, &process->sibling);
}

static struct process *
process_first(const struct list *children)
{
	return list_empty(children)
		       ? NULL
		       : container_of(children->next, struct process, sibling);
}

bool
process_give_children(struct process *process, struct process *parent,
		      unsigned most)
{
	struct process *child;

	for (; most && (child = process_first(&process->children)); most--)
		process_give(child, parent);
	for (; most && (child = process_first(&process->news)); most--) {
		process_give(child, parent);
		process_has_news(child);
	}
	return process_first(&process->children) ||
	       process_first(&process->news);
}

struct process *
process_parent(struct process *process)
{
	struct process *parent;

	spin_lock(&process->lock);
	parent = process->parent;
	if (parent)
		process_get(parent);
	spin_unlock(&process->lock);
	return parent;
}

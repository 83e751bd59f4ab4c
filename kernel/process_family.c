/*
 * Parents and children: who enters the family and the table, who leaves it, who
 * has news.  Called by fork.c, exec_spawn.c, exit.c, exit_wait.c and signal.c.
 *
 * A child is in one of its parent's two lists: children, or news if wait4 has
 * something to hear of it.  A process that was told to end gets no more
 * children, nor one that a walk of signals has passed, decided under the lock
 * under which the table is walked.
 */
#include "process.h"

#include "abi/errno.h"
#include "group.h"
#include "process_numbers.h"

uint32_t
process_walks(struct process *process)
{
	uint32_t walks;

	spin_lock(&process->lock);
	walks = process->signal.walks;
	spin_unlock(&process->lock);
	return walks;
}

/* Signals are posted under the PROCESS lock. */
static bool
process_was_walked(struct process *process, struct thread *maker,
		   uint32_t walks)
{
	bool walked;

	spin_lock(&process->lock);
	walked = process->ending_set || process->signal.walks != walks ||
		 (thread_flags(maker) & THREAD_KILLED);
	spin_unlock(&process->lock);
	return walked;
}

static void
process_enter(struct process *process, struct process *parent)
{
	if (parent) {
		list_add_tail(&parent->children, &process->sibling);
		group_enter(process, parent->group);
		atomic_store(&process->apart, atomic_load(&parent->apart));
	} else {
		process_one = process;
	}
	atomic_store(&process->state, PROCESS_ALIVE);
	process_get(process);
	process_number_publish(process);
}

int
process_publish(struct process *process, struct thread *maker, uint32_t walks)
{
	struct process *parent = process->parent;
	int error = 0;

	spin_lock(&process_table_lock);
	if (!parent)
		error = group_begin(process);
	else if (process_was_walked(parent, maker, walks))
		error = -EINTR;
	if (!error)
		process_enter(process, parent);
	spin_unlock(&process_table_lock);
	return error;
}

void
process_reap(struct process *process)
{
	list_remove(&process->sibling);
	group_leave(process);
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
process_give(struct process *process, struct list *orphans)
{
	group_part(process, orphans);
	list_remove(&process->sibling);
	spin_lock(&process->lock);
	process->parent = process_one;
	spin_unlock(&process->lock);
	list_add_tail(&process_one->children, &process->sibling);
}

static struct process *
process_first(const struct list *children)
{
	return list_empty(children)
		       ? NULL
		       : container_of(children->next, struct process, sibling);
}

bool
process_give_children(struct process *process, unsigned most,
		      struct list *orphans)
{
	struct process *child;

	for (; most && (child = process_first(&process->children)); most--)
		process_give(child, orphans);
	for (; most && (child = process_first(&process->news)); most--) {
		process_give(child, orphans);
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

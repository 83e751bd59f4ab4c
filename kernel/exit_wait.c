/*
 * Waiting for children: wait4.
 *
 * A child's news are looked at and taken under the PROCESS_TABLE lock, so that
 * of two waiters only one gets them and nobody takes a child that is on its way
 * to another parent.  Children with news have a list of their own, so that a
 * look is short however many there are.  child_changes, read before the look,
 * says whether to look again.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "group.h"
#include "life.h"
#include "process.h"
#include "process_usage.h"

#define WAIT_OPTIONS (KWNOHANG | KWUNTRACED | KWCONTINUED)

/* One look. */
struct look {
	struct process *parent;
	uint32_t pid;  /* of one child; 0: any, or */
	uint32_t pgid; /* any of this group */
	uint32_t options;
	struct wait_result *result;
	struct process *reaped; /* with the table's reference; NULL: none */
};

static bool
wait_take_report(struct look *look, struct process *child)
{
	uint32_t report, wanted;
	bool taken;

	spin_lock(&child->lock);
	report = child->stop_report;
	wanted = report == WAIT_CONTINUED ? KWCONTINUED : KWUNTRACED;
	taken = report && (look->options & wanted);
	if (taken)
		child->stop_report = 0;
	spin_unlock(&child->lock);
	if (taken)
		process_has_none(child);
	look->result->status = report;
	look->result->usage = (struct trace_usage){0};
	return taken;
}

/* PROCESS_TABLE lock.  Has it news?  They are taken. */
static bool
wait_take(struct look *look, struct process *child)
{
	if (atomic_load(&child->state) != PROCESS_ZOMBIE)
		return wait_take_report(look, child);
	look->result->status = child->end_status;
	look->result->usage = child->ended;
	process_usage_add(&look->result->usage, &child->waited);
	process_usage_add(&look->parent->waited, &look->result->usage);
	process_reap(child);
	look->reaped = child;
	return true;
}

static bool
wait_is_asked_for(const struct look *look, const struct process *child)
{
	return !look->pgid || child->group->pgid == look->pgid;
}

/* PROCESS_TABLE lock.  Is there one in this list to wait for? */
static bool
wait_expects(const struct look *look, const struct list *children)
{
	for (struct list *at = children->next; at != children; at = at->next) {
		if (wait_is_asked_for(
			    look, container_of(at, struct process, sibling)))
			return true;
	}
	return false;
}

/* PROCESS_TABLE lock.  A pid, 0 (nothing yet), -ECHILD. */
static int64_t
wait_look_all(struct look *look)
{
	struct process *parent = look->parent;

	list_for_each(link, &parent->news)
	{
		struct process *child =
			container_of(link, struct process, sibling);

		if (wait_is_asked_for(look, child) && wait_take(look, child))
			return child->pid;
	}
	return wait_expects(look, &parent->news) ||
			       wait_expects(look, &parent->children)
		       ? 0
		       : -ECHILD;
}

/* PROCESS_TABLE lock.  The same for one. */
static int64_t
wait_look_one(struct look *look)
{
	struct process *child = process_child(look->parent, look->pid);

	if (!child)
		return -ECHILD;
	return wait_take(look, child) ? look->pid : 0;
}

static int64_t
wait_look(struct look *look)
{
	int64_t found;

	spin_lock(&process_table_lock);
	found = look->pid ? wait_look_one(look) : wait_look_all(look);
	spin_unlock(&process_table_lock);
	if (look->reaped)
		process_put(look->reaped);
	return found;
}

/* Whom a pid of wait4 means. */
static struct look
wait_for(struct process *process, int32_t pid)
{
	struct look look = {.parent = process};

	if (pid > 0)
		look.pid = (uint32_t)pid;
	else if (pid != -1)
		look.pgid = pid ? -(uint32_t)pid : group_pgid(process);
	return look;
}

int64_t
wait_child(struct thread *self, int32_t pid, uint32_t options,
	   struct wait_result *result)
{
	struct process *process = self->process;
	struct look look = wait_for(process, pid);

	if (options & ~(uint32_t)WAIT_OPTIONS)
		return -EINVAL;
	look.options = options;
	look.result = result;
	for (;;) {
		uint32_t changes = atomic_load(&process->child_changes);
		int64_t found = wait_look(&look);
		int error;

		if (found || (options & KWNOHANG))
			return found;
		error = WAIT_FOR(&process->child_wait, self,
				 SLEEP_INTERRUPTIBLE, "a child", DEADLINE_NONE,
				 atomic_load(&process->child_changes) !=
					 changes);
		if (error)
			return error;
	}
}

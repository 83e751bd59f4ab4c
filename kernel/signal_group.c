/*
 * Signals to all of a group: of the terminal's keys, and of the end of those
 * who could have continued it.  Called by schemes/tty and by exit.c.
 *
 * The rule: a group is walked (group_next), one member at a time with no lock
 * held; who comes meanwhile comes later in the walk.
 */
#include "group.h"
#include "signal.h"

void
signal_post_group(struct group *group, int sig)
{
	struct signal_info info = {.signo = sig, .code = KSI_KERNEL};
	struct group_walk walk = {.group = group};
	struct process *process;

	while ((process = group_next(&walk)))
		signal_post_walk(process, &info);
}

bool
signal_is_withstood(struct thread *self, int sig)
{
	struct process *process = self->process;
	bool withstood;

	spin_lock(&process->lock);
	withstood = (self->signal.blocked | process->signal.ignored) &
		    signal_bit(sig);
	spin_unlock(&process->lock);
	return withstood;
}

static bool
signal_is_stopped(struct process *process)
{
	bool stopped;

	spin_lock(&process->lock);
	stopped = process->stopped;
	spin_unlock(&process->lock);
	return stopped;
}

static bool
signal_stands_still(struct group *group)
{
	struct group_walk walk = {.group = group};
	struct process *process;
	bool found = false;

	while (!found && (process = group_next(&walk)))
		found = signal_is_stopped(process);
	group_walk_end(&walk);
	return found;
}

static struct group *
signal_first_orphan(struct list *orphans)
{
	struct group *group = NULL;

	spin_lock(&process_table_lock);
	if (!list_empty(orphans)) {
		group = container_of(orphans->next, struct group, orphans);
		list_remove(&group->orphans);
	}
	spin_unlock(&process_table_lock);
	return group;
}

void
signal_orphans(struct list *orphans)
{
	struct group *group;

	while ((group = signal_first_orphan(orphans))) {
		if (signal_stands_still(group)) {
			signal_post_group(group, KSIGHUP);
			signal_post_group(group, KSIGCONT);
		}
		group_drop(group);
	}
}

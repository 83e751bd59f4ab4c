/*
 * Into another group, into a session of one's own: the rules of POSIX.  Called
 * by sysgroup.c.
 *
 * Everything is checked and changed in one hold of the PROCESS_TABLE lock.
 */
#include "group.h"

#include "abi/errno.h"
#include "process.h"

static int
group_may_move(const struct process *self, const struct process *process)
{
	const struct group_session *session;

	if (!process)
		return -ESRCH;
	session = process->group->session;
	if (process != self && session != self->group->session)
		return -EPERM;
	if (process != self && atomic_load(&process->execed))
		return -EACCES;
	return session->sid == process->pid ? -EPERM : 0;
}

static int
group_move(struct process *process, uint32_t pgid)
{
	struct group_session *session = process->group->session;
	struct group *group = group_find(pgid);

	if (group && group->session != session)
		return -EPERM;
	if (group == process->group)
		return 0;
	if (group) {
		group_change(process, group);
		return 0;
	}
	if (pgid != process->pid)
		return -EPERM;
	group = group_create(session, pgid);
	if (!group)
		return -ENOMEM;
	group_change(process, group);
	group_put(group);
	return 0;
}

int
group_set(struct process *self, int32_t pid, int32_t pgid)
{
	struct process *process = self;
	int error;

	if (pgid < 0)
		return -EINVAL;
	spin_lock(&process_table_lock);
	if (pid && (uint32_t)pid != self->pid)
		process = process_child(self, (uint32_t)pid);
	error = group_may_move(self, process);
	if (!error)
		error = group_move(process,
				   pgid ? (uint32_t)pgid : process->pid);
	spin_unlock(&process_table_lock);
	return error;
}

int64_t
group_set_session(struct process *self)
{
	struct group *group = NULL;
	bool leads;

	spin_lock(&process_table_lock);
	leads = group_find(self->pid);
	if (!leads)
		group = group_create(NULL, self->pid);
	if (group) {
		group_change(self, group);
		group_put(group);
		atomic_store(&self->apart, false);
	}
	spin_unlock(&process_table_lock);
	if (leads)
		return -EPERM;
	return group ? (int64_t)self->pid : -ENOMEM;
}

/*
 * Calls about process groups and sessions.  Dispatched by syscall.c; the rules
 * are in group_set.c.
 */
#include "abi/errno.h"
#include "group.h"
#include "process.h"
#include "syscall.h"

int64_t
sys_setpgid(struct thread *self, int32_t pid, int32_t pgid)
{
	return group_set(self->process, pid, pgid);
}

int64_t
sys_setsid(struct thread *self)
{
	return group_set_session(self->process);
}

/* A process is in a group until it is reaped. */
static int64_t
sysgroup_look(struct thread *self, int32_t pid,
	      uint32_t (*which)(struct process *))
{
	struct process *process;
	uint32_t number;

	if (pid == 0)
		return which(self->process);
	process = process_find((uint32_t)pid);
	if (!process)
		return -ESRCH;
	number = which(process);
	process_put(process);
	return number ? (int64_t)number : -ESRCH;
}

int64_t
sys_getpgid(struct thread *self, int32_t pid)
{
	return sysgroup_look(self, pid, group_pgid);
}

int64_t
sys_getsid(struct thread *self, int32_t pid)
{
	return sysgroup_look(self, pid, group_sid);
}

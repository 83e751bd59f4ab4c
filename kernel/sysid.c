/*
 * Calls about ids: who a process is.  Dispatched by syscall.c.
 *
 * As POSIX has it: effective user 0 sets real, effective and saved id; others
 * set their effective one, to their real or saved one.
 */
#include "abi/errno.h"
#include "process.h"
#include "syscall.h"

int64_t
sys_getuid(struct thread *self)
{
	return process_cred(self->process).ruid;
}

int64_t
sys_geteuid(struct thread *self)
{
	return process_cred(self->process).euid;
}

int64_t
sys_getgid(struct thread *self)
{
	return process_cred(self->process).rgid;
}

int64_t
sys_getegid(struct thread *self)
{
	return process_cred(self->process).egid;
}

static int
sysid_set(bool privileged, uint32_t id, uint32_t *real, uint32_t *effective,
	  uint32_t *saved)
{
	if (id == UINT32_MAX)
		return -EINVAL;
	if (!privileged && id != *real && id != *saved)
		return -EPERM;
	if (privileged)
		*real = *saved = id;
	*effective = id;
	return 0;
}

int64_t
sys_setuid(struct thread *self, int32_t uid)
{
	struct process *process = self->process;
	struct cred *cred = &process->cred;
	int error;

	spin_lock(&process->lock);
	error = sysid_set(!cred->euid, (uint32_t)uid, &cred->ruid, &cred->euid,
			  &cred->suid);
	spin_unlock(&process->lock);
	return error;
}

int64_t
sys_setgid(struct thread *self, int32_t gid)
{
	struct process *process = self->process;
	struct cred *cred = &process->cred;
	int error;

	spin_lock(&process->lock);
	error = sysid_set(!cred->euid, (uint32_t)gid, &cred->rgid, &cred->egid,
			  &cred->sgid);
	spin_unlock(&process->lock);
	return error;
}

/*
 * Calls about ids: who a process is.  Dispatched by syscall.c.
 *
 * As POSIX has it: effective user 0 sets real, effective and saved id; others
 * set their effective one, to their real or saved one.  setresuid and setresgid
 * set each by itself, as on Linux: for others than user 0 to one of the three.
 */
#include "abi/errno.h"
#include "process.h"
#include "syscall.h"
#include "usercopy.h"

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

/* ---- the three by themselves: real, effective, saved ---- */

static bool
sysid_has(uint32_t *const have[3], int32_t id)
{
	return (uint32_t)id == *have[0] || (uint32_t)id == *have[1] ||
	       (uint32_t)id == *have[2];
}

/* -1 leaves one as it is. */
static int
sysid_set_three(bool privileged, const int32_t wanted[3],
		uint32_t *const have[3])
{
	for (int i = 0; i < 3; i++)
		if (!privileged && wanted[i] != -1 &&
		    !sysid_has(have, wanted[i]))
			return -EPERM;
	for (int i = 0; i < 3; i++)
		if (wanted[i] != -1)
			*have[i] = (uint32_t)wanted[i];
	return 0;
}

static void
sysid_of(struct cred *cred, bool group, uint32_t *have[3])
{
	have[0] = group ? &cred->rgid : &cred->ruid;
	have[1] = group ? &cred->egid : &cred->euid;
	have[2] = group ? &cred->sgid : &cred->suid;
}

static int
sysid_set_each(struct thread *self, bool group, const int32_t wanted[3])
{
	struct process *process = self->process;
	uint32_t *have[3];
	int error;

	spin_lock(&process->lock);
	sysid_of(&process->cred, group, have);
	error = sysid_set_three(!process->cred.euid, wanted, have);
	spin_unlock(&process->lock);
	return error;
}

static int
sysid_tell_each(struct thread *self, bool group, const uint64_t to[3])
{
	struct cred cred = process_cred(self->process);
	uint32_t *have[3];
	int error = 0;

	sysid_of(&cred, group, have);
	for (int i = 0; i < 3 && !error; i++)
		error = copy_to_user(to[i], have[i], sizeof(*have[i]));
	return error;
}

int64_t
sys_setresuid(struct thread *self, int32_t ruid, int32_t euid, int32_t suid)
{
	return sysid_set_each(self, false, (int32_t[]){ruid, euid, suid});
}

int64_t
sys_getresuid(struct thread *self, uint64_t ruid, uint64_t euid, uint64_t suid)
{
	return sysid_tell_each(self, false, (uint64_t[]){ruid, euid, suid});
}

int64_t
sys_setresgid(struct thread *self, int32_t rgid, int32_t egid, int32_t sgid)
{
	return sysid_set_each(self, true, (int32_t[]){rgid, egid, sgid});
}

int64_t
sys_getresgid(struct thread *self, uint64_t rgid, uint64_t egid, uint64_t sgid)
{
	return sysid_tell_each(self, true, (uint64_t[]){rgid, egid, sgid});
}

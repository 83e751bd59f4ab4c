/*
 * Real, effective and saved ids, each by itself: seteuid and setreuid and the
 * same of groups, over the two calls that set all three.
 *
 * As on Linux: setreuid sets the saved id too, to the new effective one, if it
 * sets the real one, or the effective one to something else than the real one.
 */
#include <unistd.h>

#include "glue.h"

#define LEAVE ((uid_t)-1)

int
setresuid(uid_t ruid, uid_t euid, uid_t suid)
{
	return (int)__result(__sys_setresuid((int)ruid, (int)euid, (int)suid));
}

int
getresuid(uid_t *ruid, uid_t *euid, uid_t *suid)
{
	return (int)__result(__sys_getresuid(ruid, euid, suid));
}

int
setresgid(gid_t rgid, gid_t egid, gid_t sgid)
{
	return (int)__result(__sys_setresgid((int)rgid, (int)egid, (int)sgid));
}

int
getresgid(gid_t *rgid, gid_t *egid, gid_t *sgid)
{
	return (int)__result(__sys_getresgid(rgid, egid, sgid));
}

int
seteuid(uid_t euid)
{
	if (euid == LEAVE) {
		errno = EINVAL;
		return -1;
	}
	return setresuid(LEAVE, euid, LEAVE);
}

int
setegid(gid_t egid)
{
	if (egid == LEAVE) {
		errno = EINVAL;
		return -1;
	}
	return setresgid(LEAVE, egid, LEAVE);
}

/* What the kernel would allow, and setreuid does not: the real id becomes the
 * saved one. */
static int
real_is_refused(uid_t wanted, uid_t real, uid_t effective)
{
	if (wanted == LEAVE || wanted == real || wanted == effective ||
	    geteuid() == 0)
		return 0;
	errno = EPERM;
	return 1;
}

static uid_t
saved_after(uid_t real, uid_t effective, uid_t had_real, uid_t had_effective)
{
	if (real == LEAVE && (effective == LEAVE || effective == had_real))
		return LEAVE;
	return effective == LEAVE ? had_effective : effective;
}

int
setreuid(uid_t ruid, uid_t euid)
{
	uid_t real = getuid(), effective = geteuid();

	if (real_is_refused(ruid, real, effective))
		return -1;
	return setresuid(ruid, euid, saved_after(ruid, euid, real, effective));
}

int
setregid(gid_t rgid, gid_t egid)
{
	gid_t real = getgid(), effective = getegid();

	if (real_is_refused(rgid, real, effective))
		return -1;
	return setresgid(rgid, egid, saved_after(rgid, egid, real, effective));
}

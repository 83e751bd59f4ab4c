/*
 * Who the process acts for, and the group and session that it is in.
 */
#include <sys/auxv.h>
#include <sys/types.h>
#include <unistd.h>

#include "glue.h"

uid_t
getuid(void)
{
	return (uid_t)__result(__sys_getuid());
}

uid_t
geteuid(void)
{
	return (uid_t)__result(__sys_geteuid());
}

gid_t
getgid(void)
{
	return (gid_t)__result(__sys_getgid());
}

gid_t
getegid(void)
{
	return (gid_t)__result(__sys_getegid());
}

int
setuid(uid_t uid)
{
	return (int)__result(__sys_setuid((int)uid));
}

int
setgid(gid_t gid)
{
	return (int)__result(__sys_setgid((int)gid));
}

/* No process has supplementary groups. */
int
getgroups(int size, gid_t list[])
{
	(void)size;
	(void)list;
	return 0;
}

/* What the kernel said at the program's start: dropping the ids does not make
 * what the caller left behind trustworthy. */
int
issetugid(void)
{
	return getauxval(AT_SECURE) != 0;
}

int
setpgid(pid_t pid, pid_t group)
{
	return (int)__result(__sys_setpgid(pid, group));
}

int
setpgrp(void)
{
	return setpgid(0, 0);
}

pid_t
getpgid(pid_t pid)
{
	return (pid_t)__result(__sys_getpgid(pid));
}

pid_t
getpgrp(void)
{
	return getpgid(0);
}

pid_t
setsid(void)
{
	return (pid_t)__result(__sys_setsid());
}

pid_t
getsid(pid_t pid)
{
	return (pid_t)__result(__sys_getsid(pid));
}

/* Nobody has logged in. */
char *
getlogin(void)
{
	errno = ENXIO;
	return NULL;
}

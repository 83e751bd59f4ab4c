/*
 * What the system says of itself: uname, sysconf, pathconf.
 */
#include <limits.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <proctor/abi/types.h>
#include "glue.h"

_Static_assert(sizeof(struct utsname) == sizeof(struct abi_utsname),
	       "struct utsname is the kernel's");

struct limit {
	int name;
	long value;
};

static const struct limit sysconf_limits[] = {
	{_SC_ARG_MAX, ARG_MAX},
	{_SC_CHILD_MAX, -1},
	{_SC_CLK_TCK, 100},
	{_SC_HOST_NAME_MAX, HOST_NAME_MAX},
	{_SC_IOV_MAX, IOV_MAX},
	{_SC_LINE_MAX, LINE_MAX},
	{_SC_MAPPED_FILES, _POSIX_MAPPED_FILES},
	{_SC_MEMORY_PROTECTION, _POSIX_MEMORY_PROTECTION},
	{_SC_MONOTONIC_CLOCK, _POSIX_MONOTONIC_CLOCK},
	{_SC_NGROUPS_MAX, NGROUPS_MAX},
	{_SC_OPEN_MAX, -1},
	{_SC_RE_DUP_MAX, RE_DUP_MAX},
	{_SC_SYMLOOP_MAX, SYMLOOP_MAX},
	{_SC_TIMERS, _POSIX_TIMERS},
	{_SC_VERSION, _POSIX_VERSION},
};

static const struct limit pathconf_limits[] = {
	{_PC_LINK_MAX, LINK_MAX},	 {_PC_MAX_CANON, MAX_CANON},
	{_PC_MAX_INPUT, MAX_INPUT},	 {_PC_NAME_MAX, NAME_MAX},
	{_PC_PATH_MAX, PATH_MAX},	 {_PC_PIPE_BUF, PIPE_BUF},
	{_PC_CHOWN_RESTRICTED, 1},	 {_PC_NO_TRUNC, 1},
	{_PC_SYMLINK_MAX, PATH_MAX - 1},
};

#define LIMITS(table) (table), sizeof(table) / sizeof((table)[0])

/* -1 without an error is "no limit". */
static long
limits_find(const struct limit *limit, size_t count, int name)
{
	for (; count; count--, limit++)
		if (limit->name == name)
			return limit->value;
	return __result(-EINVAL);
}

long
sysconf(int name)
{
	if (name == _SC_PAGESIZE)
		return getpagesize();
	return limits_find(LIMITS(sysconf_limits), name);
}

long
pathconf(const char *path, int name)
{
	struct stat status;

	if (stat(path, &status) < 0)
		return -1;
	return limits_find(LIMITS(pathconf_limits), name);
}

long
fpathconf(int fd, int name)
{
	struct stat status;

	if (fstat(fd, &status) < 0)
		return -1;
	return limits_find(LIMITS(pathconf_limits), name);
}

int
getpagesize(void)
{
	return (int)getauxval(AT_PAGESZ);
}

int
uname(struct utsname *name)
{
	return (int)__result(__sys_uname(name));
}

int
gethostname(char *buffer, size_t size)
{
	struct utsname name;

	if (uname(&name) < 0)
		return -1;
	if (strlen(name.nodename) >= size)
		return (int)__result(-ENAMETOOLONG);
	strcpy(buffer, name.nodename);
	return 0;
}

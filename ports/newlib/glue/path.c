/*
 * Calls that find, make and remove names.  A path is `scheme:path` or plain; it
 * goes to the kernel as it is.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <proctor/abi/types.h>
#include "glue.h"

_Static_assert(sizeof(struct stat) == sizeof(struct abi_stat),
	       "struct stat is the kernel's");

int
stat(const char *restrict path, struct stat *restrict status)
{
	return (int)__result(__sys_stat(path, status));
}

int
lstat(const char *restrict path, struct stat *restrict status)
{
	return (int)__result(__sys_lstat(path, status));
}

int
fstat(int fd, struct stat *status)
{
	return (int)__result(__sys_fstat(fd, status));
}

int
fstatat(int dirfd, const char *restrict path, struct stat *restrict status,
	int flags)
{
	return (int)__result(
		__sys_fstatat(dirfd, path, status, (unsigned)flags));
}

int
access(const char *path, int mode)
{
	return (int)__result(__sys_access(path, mode));
}

/* The system has no call for it: what access does, it does too.  AT_EACCESS
 * asks for nothing else as long as real and effective ids are the same. */
int
faccessat(int dirfd, const char *path, int mode, int flags)
{
	if (dirfd != AT_FDCWD || (flags & ~AT_EACCESS) ||
	    (flags && (getuid() != geteuid() || getgid() != getegid())))
		return (int)__result(-ENOSYS);
	return access(path, mode);
}

int
mkdir(const char *path, mode_t mode)
{
	return (int)__result(__sys_mkdir(path, (int)mode));
}

int
rmdir(const char *path)
{
	return (int)__result(__sys_rmdir(path));
}

int
link(const char *from, const char *to)
{
	return (int)__result(__sys_link(from, to));
}

int
symlink(const char *target, const char *path)
{
	return (int)__result(__sys_symlink(target, path));
}

ssize_t
readlink(const char *restrict path, char *restrict buffer, size_t size)
{
	return __result(__sys_readlink(path, buffer, size));
}

int
unlink(const char *path)
{
	return (int)__result(__sys_unlink(path));
}

int
rename(const char *from, const char *to)
{
	return (int)__result(__sys_rename(from, to));
}

/* ISO C's, which on POSIX removes empty directories too. */
int
remove(const char *path)
{
	int result = unlink(path);

	return result < 0 && errno == EISDIR ? rmdir(path) : result;
}

/* newlib's tmpfile comes here. */
int
_remove_r(struct _reent *reent, const char *path)
{
	(void)reent;
	return remove(path);
}

int
truncate(const char *path, off_t length)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int result;

	if (fd < 0)
		return -1;
	result = ftruncate(fd, length);
	close(fd);
	return result;
}

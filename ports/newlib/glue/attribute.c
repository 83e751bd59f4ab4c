/*
 * Calls that change what a file says of itself: mode, owner, times; and the
 * process's place and mask.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utime.h>
#include <unistd.h>

#include "glue.h"

int
chmod(const char *path, mode_t mode)
{
	return (int)__result(__sys_chmod(path, (int)mode));
}

int
fchmod(int fd, mode_t mode)
{
	return (int)__result(__sys_fchmod(fd, (int)mode));
}

int
chown(const char *path, uid_t uid, gid_t gid)
{
	return (int)__result(__sys_chown(path, (int)uid, (int)gid));
}

int
lchown(const char *path, uid_t uid, gid_t gid)
{
	return (int)__result(__sys_lchown(path, (int)uid, (int)gid));
}

int
fchown(int fd, uid_t uid, gid_t gid)
{
	return (int)__result(__sys_fchown(fd, (int)uid, (int)gid));
}

int
utimensat(int dirfd, const char *path, const struct timespec times[2],
	  int flags)
{
	return (int)__result(
		__sys_utimens(dirfd, path, times, (unsigned)flags));
}

int
futimens(int fd, const struct timespec times[2])
{
	return utimensat(fd, "", times, AT_EMPTY_PATH);
}

int
utimes(const char *path, const struct timeval *times)
{
	struct timespec fine[2];
	int i;

	if (!times)
		return utimensat(AT_FDCWD, path, NULL, 0);
	for (i = 0; i < 2; i++) {
		if (times[i].tv_usec < 0 || times[i].tv_usec >= 1000000)
			return (int)__result(-EINVAL);
		fine[i].tv_sec = times[i].tv_sec;
		fine[i].tv_nsec = times[i].tv_usec * 1000;
	}
	return utimensat(AT_FDCWD, path, fine, 0);
}

int
utime(const char *path, const struct utimbuf *times)
{
	struct timespec fine[2];

	if (!times)
		return utimensat(AT_FDCWD, path, NULL, 0);
	fine[0] = (struct timespec){.tv_sec = times->actime};
	fine[1] = (struct timespec){.tv_sec = times->modtime};
	return utimensat(AT_FDCWD, path, fine, 0);
}

mode_t
umask(mode_t mask)
{
	return (mode_t)__result(__sys_umask((int)mask));
}

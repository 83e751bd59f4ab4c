/*
 * Calls on open files, and those that make them.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/uio.h>
#include <unistd.h>

#include "glue.h"

int
openat(int dirfd, const char *path, int flags, ...)
{
	int mode = 0;

	if (flags & O_CREAT) {
		va_list list;

		va_start(list, flags);
		mode = va_arg(list, int);
		va_end(list);
	}
	return (int)__result(__sys_openat(dirfd, path, (unsigned)flags, mode));
}

int
open(const char *path, int flags, ...)
{
	int mode = 0;

	if (flags & O_CREAT) {
		va_list list;

		va_start(list, flags);
		mode = va_arg(list, int);
		va_end(list);
	}
	return (int)__result(__sys_open(path, (unsigned)flags, mode));
}

int
close(int fd)
{
	return (int)__result(__sys_close(fd));
}

ssize_t
read(int fd, void *buffer, size_t count)
{
	return __result(__sys_read(fd, buffer, count));
}

ssize_t
write(int fd, const void *buffer, size_t count)
{
	return __result(__sys_write(fd, buffer, count));
}

ssize_t
pread(int fd, void *buffer, size_t count, off_t offset)
{
	return __result(__sys_pread(fd, buffer, count, offset));
}

ssize_t
pwrite(int fd, const void *buffer, size_t count, off_t offset)
{
	return __result(__sys_pwrite(fd, buffer, count, offset));
}

ssize_t
readv(int fd, const struct iovec *vector, int count)
{
	return __result(__sys_readv(fd, vector, count));
}

ssize_t
writev(int fd, const struct iovec *vector, int count)
{
	return __result(__sys_writev(fd, vector, count));
}

off_t
lseek(int fd, off_t offset, int whence)
{
	return __result(__sys_lseek(fd, offset, whence));
}

int
ftruncate(int fd, off_t length)
{
	return (int)__result(__sys_ftruncate(fd, length));
}

int
dup(int fd)
{
	return (int)__result(__sys_dup(fd));
}

int
dup2(int from, int to)
{
	return (int)__result(__sys_dup2(from, to));
}

int
dup3(int from, int to, int flags)
{
	return (int)__result(__sys_dup3(from, to, (unsigned)flags));
}

int
pipe2(int fds[2], int flags)
{
	return (int)__result(__sys_pipe2(fds, (unsigned)flags));
}

int
pipe(int fds[2])
{
	return pipe2(fds, 0);
}

int
fcntl(int fd, int command, ...)
{
	va_list list;
	long argument;

	va_start(list, command);
	argument = va_arg(list, long);
	va_end(list);
	return (int)__result(__sys_fcntl(fd, command, argument));
}

int
ioctl(int fd, unsigned long request, ...)
{
	va_list list;
	unsigned long argument;

	va_start(list, request);
	argument = va_arg(list, unsigned long);
	va_end(list);
	return (int)__result(__sys_ioctl(fd, (unsigned)request, argument));
}

int
poll(struct pollfd *fds, nfds_t count, int timeout_ms)
{
	return (int)__result(__sys_poll(fds, count, timeout_ms));
}

/* Files live in memory: once written they are as safe as they will be. */
int
fsync(int fd)
{
	return fcntl(fd, F_GETFD) < 0 ? -1 : 0;
}

int
fdatasync(int fd)
{
	return fsync(fd);
}

void
sync(void)
{
}

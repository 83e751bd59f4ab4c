/*
 * open, openat, close, and descriptors: dup, dup2, dup3, fcntl, pipe2, ioctl.
 *
 * The rule: a file gets its descriptor last, when nothing can fail any more but
 * the table itself.
 */
#include "sysfile.h"

#include "abi/errno.h"
#include "path.h"
#include "process.h"
#include "syscall.h"
#include "usercopy.h"

/* Flags that open knows; others mean nothing, as on Linux. */
#define OPEN_FLAGS                                                             \
	(KO_ACCMODE | KO_CREAT | KO_EXCL | KO_NOCTTY | KO_TRUNC | KO_APPEND |  \
	 KO_NONBLOCK | KO_DIRECTORY | KO_NOFOLLOW | KO_CLOEXEC)
#define CHANGEABLE (KO_APPEND | KO_NONBLOCK)

/* Gives file, whose reference is taken over, a descriptor. */
static int
install(struct thread *self, struct file *file, bool cloexec)
{
	int fd = fd_install(self, file, cloexec, 0);

	if (fd < 0)
		file_put(file);
	return fd;
}

int64_t
sys_openat(struct thread *self, int dirfd, uint64_t user_path, uint32_t flags,
	   int mode)
{
	struct path path;
	struct file *file;
	int error = path_find(self, dirfd, user_path, &path);

	if (error)
		return error;
	error = path_open_found(&path, flags & OPEN_FLAGS, (unsigned)mode,
				&file);
	path_end(&path);
	return error ? error : install(self, file, flags & KO_CLOEXEC);
}

int64_t
sys_open(struct thread *self, uint64_t path, uint32_t flags, int mode)
{
	return sys_openat(self, KAT_FDCWD, path, flags, mode);
}

int64_t
sys_close(struct thread *self, int fd)
{
	return fd_close(self, fd);
}

int64_t
sys_dup(struct thread *self, int fd)
{
	return fd_duplicate(self, fd, false, 0);
}

int64_t
sys_dup2(struct thread *self, int old, int new)
{
	if (old == new) {
		int error = fd_cloexec(self, old);

		return error < 0 ? error : new;
	}
	return fd_replace(self, old, false, new);
}

int64_t
sys_dup3(struct thread *self, int old, int new, uint32_t flags)
{
	if ((flags & ~(uint32_t)KO_CLOEXEC) || old == new)
		return -EINVAL;
	return fd_replace(self, old, flags & KO_CLOEXEC, new);
}

static int
dup_from(struct thread *self, int fd, int64_t from, bool cloexec)
{
	if (fd_cloexec(self, fd) < 0)
		return -EBADF;
	if ((int)from < 0 || (int)from >= FD_MAX)
		return -EINVAL;
	return fd_duplicate(self, fd, cloexec, (int)from);
}

static int64_t
get_flags(struct thread *self, int fd)
{
	struct file *file = fd_get(self, fd);
	int64_t flags;

	if (!file)
		return -EBADF;
	flags = file->flags;
	file_put(file);
	return flags;
}

static int
set_flags(struct thread *self, int fd, uint32_t wanted)
{
	struct file *file = fd_get(self, fd);
	uint32_t flags;

	if (!file)
		return -EBADF;
	flags = file->flags;
	while (!atomic_compare_exchange_weak(&file->flags, &flags,
					     (flags & ~(uint32_t)CHANGEABLE) |
						     (wanted & CHANGEABLE)))
		;
	file_put(file);
	return 0;
}

int64_t
sys_fcntl(struct thread *self, int fd, int cmd, int64_t arg)
{
	switch (cmd) {
	case KF_DUPFD:
		return dup_from(self, fd, arg, false);
	case KF_DUPFD_CLOEXEC:
		return dup_from(self, fd, arg, true);
	case KF_GETFD:
		return fd_cloexec(self, fd);
	case KF_SETFD:
		return fd_set_cloexec(self, fd, arg & KFD_CLOEXEC);
	case KF_GETFL:
		return get_flags(self, fd);
	case KF_SETFL:
		return set_flags(self, fd, (uint32_t)arg);
	default:
		return fd_cloexec(self, fd) < 0 ? -EBADF : -EINVAL;
	}
}

int64_t
sys_ioctl(struct thread *self, int fd, uint32_t request, uint64_t arg)
{
	struct file *file = fd_get(self, fd);
	int64_t result;

	if (!file)
		return -EBADF;
	result = file->ops->ioctl(self, file, request, arg);
	file_put(file);
	return result;
}

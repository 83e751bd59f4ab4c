/*
 * Calls that change what a file is: chmod, chown, utimens, ftruncate, by path
 * and by descriptor.
 */
#include "abi/errno.h"
#include "path.h"
#include "sysfile.h"
#include "syscall.h"
#include "usercopy.h"

#define NS 1000000000

int64_t
sys_chmod(struct thread *self, uint64_t user_path, int mode)
{
	unsigned rights = (unsigned)mode & 07777;
	struct path path;
	int64_t result = path_find(self, KAT_FDCWD, user_path, &path);

	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->chmod(&path.place, rights));
	path_end(&path);
	return result;
}

int64_t
sys_fchmod(struct thread *self, int fd, int mode)
{
	struct file *file = fd_get(self, fd);
	int64_t result;

	if (!file)
		return -EBADF;
	result = file->ops->fchmod(self, file, (unsigned)mode & 07777);
	file_put(file);
	return result;
}

static int64_t
set_owner(struct thread *self, uint64_t user_path, bool follow, uint32_t uid,
	  uint32_t gid)
{
	struct path path;
	int64_t result = path_find(self, KAT_FDCWD, user_path, &path);

	if (result)
		return result;
	result =
		PATH_TRY(&path, path.ops->chown(&path.place, follow, uid, gid));
	path_end(&path);
	return result;
}

int64_t
sys_chown(struct thread *self, uint64_t path, int32_t uid, int32_t gid)
{
	return set_owner(self, path, true, (uint32_t)uid, (uint32_t)gid);
}

int64_t
sys_lchown(struct thread *self, uint64_t path, int32_t uid, int32_t gid)
{
	return set_owner(self, path, false, (uint32_t)uid, (uint32_t)gid);
}

int64_t
sys_fchown(struct thread *self, int fd, int32_t uid, int32_t gid)
{
	struct file *file = fd_get(self, fd);
	int64_t result;

	if (!file)
		return -EBADF;
	result = file->ops->fchown(self, file, (uint32_t)uid, (uint32_t)gid);
	file_put(file);
	return result;
}

static bool
is_time(const struct abi_timespec *time)
{
	return time->tv_nsec == KUTIME_NOW || time->tv_nsec == KUTIME_OMIT ||
	       (time->tv_nsec >= 0 && time->tv_nsec < NS);
}

/* Both times of the user; none given: now.  0, -EFAULT, -EINVAL. */
static int
load_times(struct abi_timespec times[2], uint64_t user)
{
	if (!user) {
		times[0] = times[1] =
			(struct abi_timespec){.tv_nsec = KUTIME_NOW};
		return 0;
	}
	if (copy_from_user(times, user, 2 * sizeof *times))
		return -EFAULT;
	return is_time(&times[0]) && is_time(&times[1]) ? 0 : -EINVAL;
}

static int64_t
set_times_at(struct thread *self, int at, uint64_t user_path, bool follow,
	     const struct abi_timespec times[2])
{
	struct path path;
	int64_t result = path_find(self, at, user_path, &path);

	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->utimens(&path.place, follow, times));
	path_end(&path);
	return result;
}

static int64_t
set_times_of(struct thread *self, int fd, const struct abi_timespec times[2])
{
	struct file *file = fd_get(self, fd);
	int64_t result;

	if (!file)
		return -EBADF;
	result = file->ops->futimens(self, file, times);
	file_put(file);
	return result;
}

int64_t
sys_utimens(struct thread *self, int at, uint64_t path, uint64_t user_times,
	    uint32_t flags)
{
	struct abi_timespec times[2];
	int error = load_times(times, user_times), empty = 0;

	if (error)
		return error;
	if (flags & ~(uint32_t)(KAT_SYMLINK_NOFOLLOW | KAT_EMPTY_PATH))
		return -EINVAL;
	if (times[0].tv_nsec == KUTIME_OMIT && times[1].tv_nsec == KUTIME_OMIT)
		return 0;
	if (!path && at != KAT_FDCWD)
		return flags ? -EINVAL : set_times_of(self, at, times);
	if (flags & KAT_EMPTY_PATH)
		empty = sysfile_empty(path);
	if (empty < 0)
		return empty;
	if (empty && at != KAT_FDCWD)
		return set_times_of(self, at, times);
	return set_times_at(self, at, path, !(flags & KAT_SYMLINK_NOFOLLOW),
			    times);
}

int64_t
sys_ftruncate(struct thread *self, int fd, int64_t length)
{
	struct file *file;
	int64_t result = -EINVAL;

	if (length < 0)
		return -EINVAL;
	file = fd_get(self, fd);
	if (!file)
		return -EBADF;
	if ((file->mode & KS_IFMT) == KS_IFREG &&
	    ((file->flags & KO_ACCMODE) == KO_WRONLY ||
	     (file->flags & KO_ACCMODE) == KO_RDWR))
		result = file->ops->ftruncate(file, (uint64_t)length);
	file_put(file);
	return result;
}

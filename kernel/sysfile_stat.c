/*
 * What is there: stat, lstat, fstatat, fstat, access; and how much of a scheme
 * is taken: statfs, fstatfs.
 *
 * The rule: access asks for the real ids, everything else for the effective
 * ones.
 */
#include "abi/errno.h"
#include "path.h"
#include "sysfile.h"
#include "syscall.h"
#include "usercopy.h"

static int64_t
stat_path(struct path *path, bool follow, uint64_t out)
{
	struct abi_stat stat = {0};
	int64_t result =
		PATH_TRY(path, path->ops->stat(&path->place, follow, &stat));

	path_end(path);
	return result ? result : copy_to_user(out, &stat, sizeof stat);
}

static int64_t
stat_at(struct thread *self, int at, uint64_t user_path, bool follow,
	uint64_t out)
{
	struct path path;
	int64_t result = path_find(self, at, user_path, &path);

	return result ? result : stat_path(&path, follow, out);
}

int64_t
sys_fstat(struct thread *self, int fd, uint64_t out)
{
	struct file *file = fd_get(self, fd);
	struct abi_stat stat = {0};
	int64_t result;

	if (!file)
		return -EBADF;
	result = file->ops->fstat(file, &stat);
	file_put(file);
	return result ? result : copy_to_user(out, &stat, sizeof stat);
}

int64_t
sys_stat(struct thread *self, uint64_t path, uint64_t out)
{
	return stat_at(self, KAT_FDCWD, path, true, out);
}

int64_t
sys_lstat(struct thread *self, uint64_t path, uint64_t out)
{
	return stat_at(self, KAT_FDCWD, path, false, out);
}

int
sysfile_empty(uint64_t user_path)
{
	char first;

	return copy_from_user(&first, user_path, 1) ? -EFAULT : first == '\0';
}

/* KAT_EMPTY_PATH: the descriptor itself. */
static int64_t
stat_descriptor(struct thread *self, int fd, uint64_t out)
{
	struct path path;
	int64_t result;

	if (fd != KAT_FDCWD)
		return sys_fstat(self, fd, out);
	result = path_find_text(self, KAT_FDCWD, ".", &path);
	return result ? result : stat_path(&path, true, out);
}

int64_t
sys_fstatat(struct thread *self, int fd, uint64_t path, uint64_t out,
	    uint32_t flags)
{
	int empty = 0;

	if (flags & ~(uint32_t)(KAT_SYMLINK_NOFOLLOW | KAT_EMPTY_PATH))
		return -EINVAL;
	if (flags & KAT_EMPTY_PATH)
		empty = sysfile_empty(path);
	if (empty)
		return empty < 0 ? empty : stat_descriptor(self, fd, out);
	return stat_at(self, fd, path, !(flags & KAT_SYMLINK_NOFOLLOW), out);
}

int64_t
sys_access(struct thread *self, uint64_t user_path, int mode)
{
	struct path path;
	int64_t result;

	if (mode & ~(KR_OK | KW_OK | KX_OK))
		return -EINVAL;
	result = path_find(self, KAT_FDCWD, user_path, &path);
	if (result)
		return result;
	path.place.cred.euid = path.place.cred.ruid;
	path.place.cred.egid = path.place.cred.rgid;
	result = PATH_TRY(&path, path.ops->access(&path.place, mode));
	path_end(&path);
	return result;
}

static int64_t
show_space(const struct scheme_ops *ops, uint64_t out)
{
	struct abi_statfs statfs = {0};
	int error = ops->statfs(&statfs);

	return error ? error : copy_to_user(out, &statfs, sizeof statfs);
}

/* What the path leads to must be there, whatever the scheme. */
int64_t
sys_statfs(struct thread *self, uint64_t user_path, uint64_t out)
{
	struct abi_stat stat = {0};
	struct path path;
	int64_t result = path_find(self, KAT_FDCWD, user_path, &path);

	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->stat(&path.place, true, &stat));
	if (!result)
		result = show_space(path.ops, out);
	path_end(&path);
	return result;
}

int64_t
sys_fstatfs(struct thread *self, int fd, uint64_t out)
{
	struct file *file = fd_get(self, fd);
	int64_t result;

	if (!file)
		return -EBADF;
	result = show_space(file->ops, out);
	file_put(file);
	return result;
}

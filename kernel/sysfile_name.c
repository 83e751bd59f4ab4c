/*
 * Calls that change names: mkdir, rmdir, unlink, symlink, readlink, link,
 * rename.
 *
 * The rule: the scheme of the path decides; two paths must be of one scheme.
 */
#include "abi/errno.h"
#include "heap.h"
#include "path.h"
#include "process.h"
#include "sysfile.h"
#include "syscall.h"
#include "usercopy.h"

int64_t
sys_mkdir(struct thread *self, uint64_t user_path, int mode)
{
	unsigned rights = (unsigned)mode & 07777 & ~self->process->umask;
	struct path path;
	int64_t result = path_find(self, KAT_FDCWD, user_path, &path);

	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->mkdir(&path.place, rights));
	path_end(&path);
	return result;
}

int64_t
sys_rmdir(struct thread *self, uint64_t user_path)
{
	struct path path;
	int64_t result = path_find(self, KAT_FDCWD, user_path, &path);

	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->rmdir(&path.place));
	path_end(&path);
	return result;
}

int64_t
sys_unlink(struct thread *self, uint64_t user_path)
{
	struct path path;
	int64_t result = path_find(self, KAT_FDCWD, user_path, &path);

	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->unlink(&path.place));
	path_end(&path);
	return result;
}

static int64_t
symlink_to(struct thread *self, const char *target, uint64_t user_path)
{
	struct path path;
	int64_t result = path_find(self, KAT_FDCWD, user_path, &path);

	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->symlink(target, &path.place));
	path_end(&path);
	return result;
}

int64_t
sys_symlink(struct thread *self, uint64_t user_target, uint64_t user_path)
{
	char *target = heap_alloc(KPATH_MAX);
	int64_t result;

	if (!target)
		return -ENOMEM;
	result = copy_text_from_user(target, user_target, KPATH_MAX,
				     -ENAMETOOLONG);
	if (result == 0)
		result = -ENOENT;
	if (result > 0)
		result = symlink_to(self, target, user_path);
	heap_free(target);
	return result;
}

int64_t
sys_readlink(struct thread *self, uint64_t user_path, uint64_t buf,
	     uint64_t count)
{
	struct uio uio = {.user = buf,
			  .left = count < COUNT_MAX ? count : COUNT_MAX};
	struct path path;
	int64_t result;

	if (count == 0)
		return -EINVAL;
	result = path_find(self, KAT_FDCWD, user_path, &path);
	if (result)
		return result;
	result = PATH_TRY(&path, path.ops->readlink(&path.place, &uio));
	path_end(&path);
	return result;
}

/* Asks with both paths until neither is redirected. */
static int64_t
try_two(struct path *from, struct path *to, bool rename)
{
	int64_t result;

	do {
		if (from->ops != to->ops)
			return -EXDEV;
		if (rename)
			result = from->ops->rename(&from->place, &to->place);
		else
			result = from->ops->link(&from->place, &to->place);
		if (result != -EREDIRECT)
			return result;
		result = path_redirect(from->place.redirect ? from : to);
	} while (result == 0);
	return result;
}

static int64_t
with_two(struct thread *self, uint64_t old, uint64_t new, bool rename)
{
	struct path from, to;
	int64_t result = path_find(self, KAT_FDCWD, old, &from);

	if (result)
		return result;
	result = path_find(self, KAT_FDCWD, new, &to);
	if (!result) {
		result = try_two(&from, &to, rename);
		path_end(&to);
	}
	path_end(&from);
	return result;
}

int64_t
sys_link(struct thread *self, uint64_t old, uint64_t new)
{
	return with_two(self, old, new, false);
}

int64_t
sys_rename(struct thread *self, uint64_t old, uint64_t new)
{
	return with_two(self, old, new, true);
}

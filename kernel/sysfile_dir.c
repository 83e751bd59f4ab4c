/*
 * Directories: chdir, fchdir, getcwd, getdents; and umask.
 *
 * The rule: a current directory is an open file of a directory, with a
 * reference and no descriptor; NULL is the root of file:.
 */
#include "abi/errno.h"
#include "heap.h"
#include "namespace.h"
#include "path.h"
#include "process.h"
#include "sysfile.h"
#include "syscall.h"
#include "text.h"
#include "usercopy.h"

/* Takes the reference over. */
static void
set_directory(struct process *process, struct file *file)
{
	struct file *old;

	spin_lock(&process->lock);
	old = process->cwd;
	process->cwd = file;
	spin_unlock(&process->lock);
	if (old)
		file_put(old);
}

int64_t
sys_chdir(struct thread *self, uint64_t user_path)
{
	struct path path;
	struct file *file;
	int error = path_find(self, KAT_FDCWD, user_path, &path);

	if (error)
		return error;
	error = path_open_found(&path, KO_RDONLY | KO_DIRECTORY | PATH_EXEC, 0,
				&file);
	path_end(&path);
	if (!error)
		set_directory(self->process, file);
	return error;
}

/* May it be named, and searched? */
static int
check_directory(struct thread *self, struct file *file)
{
	struct cred cred = process_cred(self->process);
	struct abi_stat stat = {0};
	int error;

	if ((file->mode & KS_IFMT) != KS_IFDIR)
		return -ENOTDIR;
	if (!namespace_has(self, file->ops))
		return -ENOENT;
	error = file->ops->fstat(file, &stat);
	return error ? error : scheme_check(&stat, &cred, KX_OK);
}

int64_t
sys_fchdir(struct thread *self, int fd)
{
	struct file *file = fd_get(self, fd);
	int error;

	if (!file)
		return -EBADF;
	error = check_directory(self, file);
	if (error)
		file_put(file);
	else
		set_directory(self->process, file);
	return error;
}

static struct file *
get_directory(struct process *process)
{
	struct file *cwd;

	spin_lock(&process->lock);
	cwd = process->cwd;
	if (cwd)
		file_get(cwd);
	spin_unlock(&process->lock);
	return cwd;
}

/* The path of the current directory, its length. */
static int64_t
directory_path(struct thread *self, char *buf, size_t size)
{
	struct file *cwd = get_directory(self->process);
	int64_t length = -ENOENT;

	if (!cwd)
		return (int64_t)text_copy(buf, "/", size);
	if (namespace_has(self, cwd->ops))
		length = path_text(cwd, buf, size);
	file_put(cwd);
	return length;
}

int64_t
sys_getcwd(struct thread *self, uint64_t buf, uint64_t count)
{
	char *path = heap_alloc(KPATH_MAX);
	int64_t result;

	if (!path)
		return -ENOMEM;
	result = directory_path(self, path, KPATH_MAX);
	if (result >= 0 && (uint64_t)result >= count)
		result = -ERANGE;
	if (result >= 0 && copy_to_user(buf, path, (size_t)++result))
		result = -EFAULT;
	heap_free(path);
	return result;
}

int64_t
sys_getdents(struct thread *self, int fd, uint64_t buf, uint64_t count)
{
	struct uio uio = {.user = buf,
			  .left = count < COUNT_MAX ? count : COUNT_MAX};
	struct file *file = fd_get(self, fd);
	int64_t result = -ENOTDIR;

	if (!file)
		return -EBADF;
	if ((file->mode & KS_IFMT) == KS_IFDIR) {
		mutex_lock(&file->offset_lock);
		result = file->ops->getdents(file, &uio, &file->offset);
		mutex_unlock(&file->offset_lock);
	}
	file_put(file);
	return result;
}

int64_t
sys_umask(struct thread *self, int mask)
{
	struct process *process = self->process;
	uint32_t old;

	spin_lock(&process->lock);
	old = process->umask;
	process->umask = (uint32_t)mask & 0777;
	spin_unlock(&process->lock);
	return old;
}

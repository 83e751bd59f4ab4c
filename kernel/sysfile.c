/*
 * read, write, pread, pwrite, lseek.
 *
 * The rule: a file that has an offset (regular, directory) is read and written
 * with its offset_lock held, so two writers do not overwrite each other; pipes,
 * terminals and the like hold nothing, as they sleep.
 */
#include "sysfile.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "fd_table.h"
#include "process.h"
#include "syscall.h"
#include "usercopy.h"

int
sysfile_get(struct thread *self, int fd, enum direction direction,
	    struct file **file)
{
	static const unsigned enough[] = {
		[DIRECTION_READ] = KO_RDONLY, [DIRECTION_WRITE] = KO_WRONLY};
	unsigned access;

	*file = fd_table_find(self->process->files, fd);
	if (!*file)
		return -EBADF;
	access = (*file)->flags & KO_ACCMODE;
	if (access == KO_RDWR || access == enough[direction])
		return 0;
	file_put(*file);
	return -EBADF;
}

int
sysfile_check_place(struct file *file)
{
	if (file_seeks(file))
		return 0;
	return file->ops->lseek(file, 0, KSEEK_CUR) < 0 ? -ESPIPE : 0;
}

int64_t
sysfile_transfer(struct thread *self, struct file *file,
		 enum direction direction, struct uio *uio, uint64_t *offset)
{
	bool own = !offset && file_seeks(file);
	uint64_t nowhere = 0;
	int64_t done;

	if (own) {
		mutex_lock(&file->offset_lock);
		offset = &file->offset;
	} else if (!offset) {
		offset = &nowhere;
	}
	if (direction == DIRECTION_READ)
		done = file->ops->read(self, file, uio, offset);
	else
		done = file->ops->write(self, file, uio, offset);
	if (own)
		mutex_unlock(&file->offset_lock);
	return done;
}

/* Reads or writes count bytes of the user's; offset NULL: at the file's own. */
static int64_t
transfer_checked(struct thread *self, struct file *file,
		 enum direction direction, uint64_t buf, uint64_t count,
		 uint64_t *offset)
{
	struct uio uio = {.user = buf, .left = count};
	int result = offset ? sysfile_check_place(file) : 0;

	if (result)
		return result;
	if (count > INT64_MAX)
		return -EINVAL;
	if ((file->mode & KS_IFMT) == KS_IFDIR)
		return -EISDIR;
	if (count == 0)
		return 0;
	if (uio.left > COUNT_MAX)
		uio.left = COUNT_MAX;
	return sysfile_transfer(self, file, direction, &uio, offset);
}

static int64_t
transfer(struct thread *self, int fd, enum direction direction, uint64_t buf,
	 uint64_t count, uint64_t *offset)
{
	struct file *file;
	int64_t result = sysfile_get(self, fd, direction, &file);

	if (result)
		return result;
	result = transfer_checked(self, file, direction, buf, count, offset);
	file_put(file);
	return result;
}

/* Of a file without a place: nothing is locked. */
static inline int64_t
transfer_at_once(struct thread *self, struct file *file,
		 enum direction direction, uint64_t buf, uint64_t count)
{
	struct uio uio = {.user = buf, .left = count};
	uint64_t nowhere = 0;

	if (direction == DIRECTION_READ)
		return file->ops->read(self, file, &uio, &nowhere);
	return file->ops->write(self, file, &uio, &nowhere);
}

/* At the file's own place, if it has one. */
static inline int64_t
transfer_here(struct thread *self, int fd, enum direction direction,
	      uint64_t buf, uint64_t count)
{
	struct file *file;
	int64_t result = sysfile_get(self, fd, direction, &file);

	if (result)
		return result;
	if (file_seeks(file) || count - 1 >= COUNT_MAX)
		result = transfer_checked(self, file, direction, buf, count,
					  NULL);
	else
		result = transfer_at_once(self, file, direction, buf, count);
	file_put(file);
	return result;
}

int64_t
sys_read(struct thread *self, int fd, uint64_t buf, uint64_t count)
{
	return transfer_here(self, fd, DIRECTION_READ, buf, count);
}

int64_t
sys_write(struct thread *self, int fd, uint64_t buf, uint64_t count)
{
	return transfer_here(self, fd, DIRECTION_WRITE, buf, count);
}

int64_t
sys_pread(struct thread *self, int fd, uint64_t buf, uint64_t count,
	  int64_t offset)
{
	uint64_t at = (uint64_t)offset;

	if (offset < 0)
		return -EINVAL;
	return transfer(self, fd, DIRECTION_READ, buf, count, &at);
}

int64_t
sys_pwrite(struct thread *self, int fd, uint64_t buf, uint64_t count,
	   int64_t offset)
{
	uint64_t at = (uint64_t)offset;

	if (offset < 0)
		return -EINVAL;
	return transfer(self, fd, DIRECTION_WRITE, buf, count, &at);
}

int64_t
sys_lseek(struct thread *self, int fd, int64_t offset, int whence)
{
	struct file *file = fd_get(self, fd);
	int64_t result;

	if (!file)
		return -EBADF;
	if (file_seeks(file)) {
		mutex_lock(&file->offset_lock);
		result = file->ops->lseek(file, offset, whence);
		mutex_unlock(&file->offset_lock);
	} else {
		result = file->ops->lseek(file, offset, whence);
	}
	file_put(file);
	return result;
}

/*
 * What an operation does that a scheme leaves out: the error that POSIX gives
 * for "this kind of file cannot do that", or what its other operations imply.
 *
 * scheme.c completes each scheme's table once.  None of these sleeps.
 */
#include "scheme.h"

#include "abi/errno.h"
#include "abi/fcntl.h"

static int
no_init(void)
{
	return 0;
}

static int
no_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	(void)at, (void)flags, (void)mode, (void)file;
	return -ENXIO;
}

static int
no_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	(void)at, (void)follow, (void)stat;
	return -ENOENT;
}

static int
access_by_stat(struct place *at, int mode)
{
	struct abi_stat stat = {0};
	int error = at->ops->stat(at, true, &stat);

	return error ? error : scheme_check(&stat, &at->cred, (unsigned)mode);
}

static int
no_mkdir(struct place *at, unsigned mode)
{
	(void)at, (void)mode;
	return -EPERM;
}

static int
no_removal(struct place *at)
{
	(void)at;
	return -EPERM;
}

static int
no_second_name(struct place *from, struct place *to)
{
	(void)from, (void)to;
	return -EPERM;
}

static int
no_symlink(const char *target, struct place *at)
{
	(void)target, (void)at;
	return -EPERM;
}

static int64_t
no_readlink(struct place *at, struct uio *uio)
{
	(void)at, (void)uio;
	return -EINVAL;
}

static int
no_chown(struct place *at, bool follow, uint32_t uid, uint32_t gid)
{
	(void)at, (void)follow, (void)uid, (void)gid;
	return -EPERM;
}

static int
no_utimens(struct place *at, bool follow, const struct abi_timespec times[2])
{
	(void)at, (void)follow, (void)times;
	return -EPERM;
}

static int
no_statfs(struct abi_statfs *statfs)
{
	(void)statfs;
	return -ENOSYS;
}

static int64_t
no_transfer(struct thread *self, struct file *file, struct uio *uio,
	    uint64_t *offset)
{
	(void)self, (void)uio, (void)offset;
	return (file->mode & KS_IFMT) == KS_IFDIR ? -EISDIR : -EINVAL;
}

static int64_t
file_size(struct file *file)
{
	struct abi_stat stat = {0};
	int error = file->ops->fstat(file, &stat);

	return error ? error : stat.st_size;
}

static int64_t
lseek_by_mode(struct file *file, int64_t offset, int whence)
{
	uint32_t type = file->mode & KS_IFMT;
	int64_t base = 0;

	if (type != KS_IFREG && type != KS_IFDIR)
		return -ESPIPE;
	if (whence == KSEEK_CUR)
		base = (int64_t)file->offset;
	else if (whence == KSEEK_END && type == KS_IFREG)
		base = file_size(file);
	else if (whence != KSEEK_SET)
		return -EINVAL;
	if (base < 0)
		return base;
	if (__builtin_add_overflow(base, offset, &base) || base < 0)
		return -EINVAL;
	file->offset = (uint64_t)base;
	return base;
}

static int64_t
no_getdents(struct file *file, struct uio *uio, uint64_t *offset)
{
	(void)file, (void)uio, (void)offset;
	return -ENOTDIR;
}

static int
fstat_by_mode(struct file *file, struct abi_stat *stat)
{
	stat->st_mode = file->mode;
	stat->st_nlink = 1;
	stat->st_blksize = 4096;
	return 0;
}

static int
no_ftruncate(struct file *file, uint64_t length)
{
	(void)file, (void)length;
	return -EINVAL;
}

static int
no_fchmod(struct thread *self, struct file *file, unsigned mode)
{
	(void)self, (void)file, (void)mode;
	return -EPERM;
}

static int
no_fchown(struct thread *self, struct file *file, uint32_t uid, uint32_t gid)
{
	(void)self, (void)file, (void)uid, (void)gid;
	return -EPERM;
}

static int
no_futimens(struct thread *self, struct file *file,
	    const struct abi_timespec times[2])
{
	(void)self, (void)file, (void)times;
	return -EPERM;
}

static unsigned
always_ready(struct file *file, struct poll_table *table)
{
	(void)file, (void)table;
	return KPOLLIN | KPOLLOUT;
}

static int
no_ioctl(struct thread *self, struct file *file, unsigned request, uint64_t arg)
{
	(void)self, (void)file, (void)request, (void)arg;
	return -ENOTTY;
}

static int
no_mmap(struct file *file, struct vm_object **object)
{
	(void)file, (void)object;
	return -ENODEV;
}

static int64_t
no_path(struct file *file, char *buf, size_t size)
{
	(void)file;
	if (size > 0)
		buf[0] = '\0';
	return 0;
}

static void
nothing(struct file *file)
{
	(void)file;
}

static const struct scheme_ops defaults = {
	.init = no_init,
	.open = no_open,
	.stat = no_stat,
	.access = access_by_stat,
	.mkdir = no_mkdir,
	.rmdir = no_removal,
	.unlink = no_removal,
	.link = no_second_name,
	.symlink = no_symlink,
	.readlink = no_readlink,
	.rename = no_second_name,
	.chmod = no_mkdir,
	.chown = no_chown,
	.utimens = no_utimens,
	.statfs = no_statfs,
	.read = no_transfer,
	.write = no_transfer,
	.lseek = lseek_by_mode,
	.getdents = no_getdents,
	.fstat = fstat_by_mode,
	.ftruncate = no_ftruncate,
	.fchmod = no_fchmod,
	.fchown = no_fchown,
	.futimens = no_futimens,
	.poll = always_ready,
	.ioctl = no_ioctl,
	.mmap = no_mmap,
	.path_of = no_path,
	.close = nothing,
	.free = nothing,
};

#define OPERATIONS(X)                                                          \
	X(init)                                                                \
	X(open)                                                                \
	X(stat)                                                                \
	X(access)                                                              \
	X(mkdir)                                                               \
	X(rmdir)                                                               \
	X(unlink)                                                              \
	X(link)                                                                \
	X(symlink)                                                             \
	X(readlink)                                                            \
	X(rename)                                                              \
	X(chmod)                                                               \
	X(chown)                                                               \
	X(utimens)                                                             \
	X(statfs)                                                              \
	X(read)                                                                \
	X(write)                                                               \
	X(lseek)                                                               \
	X(getdents)                                                            \
	X(fstat)                                                               \
	X(ftruncate)                                                           \
	X(fchmod)                                                              \
	X(fchown)                                                              \
	X(futimens)                                                            \
	X(poll)                                                                \
	X(ioctl)                                                               \
	X(mmap)                                                                \
	X(path_of)                                                             \
	X(close)                                                               \
	X(free)

void
scheme_complete(struct scheme_ops *ops)
{
#define COMPLETE(operation)                                                    \
	if (!ops->operation)                                                   \
		ops->operation = defaults.operation;
	OPERATIONS(COMPLETE)
#undef COMPLETE
}

/*
 * Schemes that are one character file: null:, zero:, rand:.
 *
 * Their tables are beside this file.  The rule: the only path is the empty one,
 * and everybody may read and write.
 */
#include "plain.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "usercopy.h"

#define PLAIN_MODE (KS_IFCHR | 0666)
#define PART	   4096u
#define FILL_PART  256u

/* 0 if at is the empty path. */
static int
check_path(const struct place *at)
{
	return at->path[0] == '\0' ? 0 : -ENOENT;
}

int
plain_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	int error = check_path(at);

	(void)mode;
	if (!error && (flags & KO_CREAT) && (flags & KO_EXCL))
		error = -EEXIST;
	if (!error && (flags & KO_DIRECTORY))
		error = -ENOTDIR;
	file->mode = PLAIN_MODE;
	return error;
}

int
plain_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	int error = check_path(at);

	(void)follow;
	stat->st_mode = PLAIN_MODE;
	stat->st_nlink = 1;
	stat->st_blksize = PART;
	return error;
}

int64_t
plain_lseek(struct file *file, int64_t offset, int whence)
{
	(void)file, (void)offset;
	return whence >= KSEEK_SET && whence <= KSEEK_END ? 0 : -EINVAL;
}

int64_t
plain_write(struct thread *self, struct file *file, struct uio *uio,
	    uint64_t *offset)
{
	size_t n = uio->left;

	(void)self, (void)file, (void)offset;
	if (uio->kernel)
		uio->kernel += n;
	else
		uio->user += n;
	uio->left = 0;
	return (int64_t)n;
}

static int
put_part(struct uio *uio, void (*fill)(void *buf, size_t n))
{
	unsigned char buf[FILL_PART];
	size_t most = fill ? sizeof buf : PART;
	size_t n = uio->left < most ? uio->left : most;

	if (!fill)
		return uio_put_zero(uio, n);
	fill(buf, n);
	return uio_put(uio, buf, n);
}

int64_t
plain_read(struct thread *self, struct uio *uio,
	   void (*fill)(void *buf, size_t n))
{
	size_t wanted = uio->left;
	int error = 0;

	while (uio->left > 0 && !error) {
		error = put_part(uio, fill);
		if (!error && scheme_pause(self))
			error = -EINTR;
	}
	return uio->left < wanted ? (int64_t)(wanted - uio->left) : error;
}

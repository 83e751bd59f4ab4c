/*
 * readv and writev.
 *
 * Both go through a buffer of the kernel, by parts of up to 64 KiB, so that
 * what fits is one operation of the file: one message of a pipe, one piece at
 * the end of a file opened for appending.
 */
#include "sysfile.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "syscall.h"
#include "usercopy.h"

#define PART_MAX (64u * 1024)

/* The user's vector, where in it the transfer is, and the buffer. */
struct vector {
	struct abi_iovec *iov; /* heap */
	unsigned count, at;
	uint64_t left; /* bytes, in all */
	char *buf;     /* heap */
	size_t size;
};

/* Adds the lengths up: 0 or -EINVAL. */
static int
measure(struct vector *v)
{
	for (unsigned i = 0; i < v->count; i++) {
		if (v->iov[i].iov_len > INT64_MAX - v->left)
			return -EINVAL;
		v->left += v->iov[i].iov_len;
	}
	if (v->left > COUNT_MAX)
		v->left = COUNT_MAX;
	return 0;
}

static void
vector_end(struct vector *v)
{
	heap_free(v->iov);
	heap_free(v->buf);
}

static int
vector_load(struct vector *v, uint64_t iov)
{
	size_t size = v->count * sizeof *v->iov;
	int error;

	v->iov = heap_alloc(size);
	if (!v->iov)
		return -ENOMEM;
	error = copy_from_user(v->iov, iov, size);
	if (!error)
		error = measure(v);
	if (error || v->left == 0)
		return error;
	v->size = v->left < PART_MAX ? v->left : PART_MAX;
	v->buf = heap_alloc(v->size);
	return v->buf ? 0 : -ENOMEM;
}

/* Copies n bytes between the buffer and where the vector is, and goes on. */
static int
vector_copy(struct vector *v, size_t n, enum direction direction)
{
	char *buf = v->buf;
	int error = 0;

	while (n > 0 && !error) {
		struct abi_iovec *iov = &v->iov[v->at];
		size_t part = n < iov->iov_len ? n : iov->iov_len;

		if (direction == DIRECTION_READ)
			error = copy_to_user(iov->iov_base, buf, part);
		else
			error = copy_from_user(buf, iov->iov_base, part);
		iov->iov_base += part;
		iov->iov_len -= part;
		if (iov->iov_len == 0)
			v->at++;
		buf += part;
		n -= part;
	}
	return error;
}

/* One part; *n becomes what was asked for. */
static int64_t
transfer_part(struct thread *self, struct file *file, enum direction direction,
	      struct vector *v, size_t *n)
{
	struct uio uio = {.kernel = v->buf};
	int64_t done;
	int error = 0;

	*n = v->left < v->size ? v->left : v->size;
	uio.left = *n;
	if (direction == DIRECTION_WRITE)
		error = vector_copy(v, *n, direction);
	if (error)
		return error;
	done = sysfile_transfer(self, file, direction, &uio, NULL);
	if (done > 0 && direction == DIRECTION_READ)
		error = vector_copy(v, (size_t)done, direction);
	return error ? error : done;
}

/* Part by part, until one is short; a file that may make its reader wait gives
 * one part only. */
static int64_t
transfer_all(struct thread *self, struct file *file, enum direction direction,
	     struct vector *v)
{
	bool many = direction == DIRECTION_WRITE || file_seeks(file);
	int64_t total = 0, done;
	size_t n;

	do {
		done = transfer_part(self, file, direction, v, &n);
		if (done <= 0)
			break;
		total += done;
		v->left -= (uint64_t)done;
	} while (many && v->left > 0 && (size_t)done == n);
	return total > 0 ? total : done;
}

static int64_t
transfer(struct thread *self, int fd, enum direction direction, uint64_t iov,
	 int count)
{
	struct vector v = {.count = (unsigned)count};
	struct file *file;
	int64_t result = sysfile_get(self, fd, direction, &file);

	if (result)
		return result;
	if (count < 0 || count > KIOV_MAX)
		result = -EINVAL;
	if (!result && count > 0)
		result = vector_load(&v, iov);
	if (!result && (file->mode & KS_IFMT) == KS_IFDIR)
		result = -EISDIR;
	if (!result && v.left > 0)
		result = transfer_all(self, file, direction, &v);
	vector_end(&v);
	file_put(file);
	return result;
}

int64_t
sys_readv(struct thread *self, int fd, uint64_t iov, int count)
{
	return transfer(self, fd, DIRECTION_READ, iov, count);
}

int64_t
sys_writev(struct thread *self, int fd, uint64_t iov, int count)
{
	return transfer(self, fd, DIRECTION_WRITE, iov, count);
}

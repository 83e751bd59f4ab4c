/*
 * The only way to user memory of the running thread: a bad pointer is -EFAULT,
 * anywhere, always.  May sleep.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include "abi/errno.h"
#include "print.h"

struct thread;

int copy_from_user(void *to, uint64_t from, size_t n); /* 0 or -EFAULT */
int copy_to_user(uint64_t to, const void *from, size_t n);
/* A NUL-terminated string into buf of size bytes: its length, -EFAULT, or
 * too_long (a -errno) when there is no NUL in size. */
int64_t copy_text_from_user(char *buf, uint64_t from, size_t size,
			    int too_long);

/*
 * Somewhere to read from or write to, the user's memory or the kernel's: what
 * read and write operations of schemes are given, so that the kernel can read
 * files too.
 */
struct uio {
	uint64_t user; /* address; used if kernel is NULL */
	char *kernel;
	size_t left; /* bytes */
};

/* Move n (<= left) bytes and go on behind them.  0 or -EFAULT; on -EFAULT
 * nothing has been counted. */
int uio_put_kernel(struct uio *uio, const void *from, size_t n);
static inline int
uio_put(struct uio *uio, const void *from, size_t n) /* into: what read does */
{
	assert(n <= uio->left);
	if (uio->kernel)
		return uio_put_kernel(uio, from, n);
	if (copy_to_user(uio->user, from, n))
		return -EFAULT;
	uio->user += n;
	uio->left -= n;
	return 0;
}
int uio_take(struct uio *uio, void *to,
	     size_t n); /* out of uio: what write does */
int uio_put_zero(struct uio *uio, size_t n);

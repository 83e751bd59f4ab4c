/*
 * The only way to user memory of the running thread.  System calls and schemes
 * copy through here; missing pages come in by page faults inside of arch_copy.
 *
 * The one rule: an address is the user's only after in_range has said so; what
 * the user's pages then allow is up to the processor.
 */
#include "usercopy.h"
#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "print.h"
#include "text.h"

static bool
in_range(uint64_t address, size_t n)
{
	return n <= USER_END && address <= USER_END - n;
}

int
copy_from_user(void *to, uint64_t from, size_t n)
{
	if (!n)
		return 0;
	if (!in_range(from, n) || arch_copy_from_user(to, from, n))
		return -EFAULT;
	return 0;
}

int
copy_to_user(uint64_t to, const void *from, size_t n)
{
	if (!n)
		return 0;
	if (!in_range(to, n) || arch_copy_to_user(to, from, n))
		return -EFAULT;
	return 0;
}

int64_t
copy_text_from_user(char *buf, uint64_t from, size_t size, int too_long)
{
	size_t limit = size;
	int64_t length;

	if (from >= USER_END)
		return -EFAULT;
	if (limit > USER_END - from)
		limit = (size_t)(USER_END - from);
	length = limit ? arch_copy_text_from_user(buf, from, limit) : 0;
	if (length < 0)
		return length;
	if ((size_t)length < limit) {
		buf[length] = '\0';
		return length;
	}
	return limit < size ? -EFAULT : too_long;
}

static int
uio_done(struct uio *uio, size_t n)
{
	if (uio->kernel)
		uio->kernel += n;
	else
		uio->user += n;
	uio->left -= n;
	return 0;
}

int
uio_put_kernel(struct uio *uio, const void *from, size_t n)
{
	memcpy(uio->kernel, from, n);
	return uio_done(uio, n);
}

int
uio_take(struct uio *uio, void *to, size_t n)
{
	assert(n <= uio->left);
	if (uio->kernel)
		memcpy(to, uio->kernel, n);
	else if (copy_from_user(to, uio->user, n))
		return -EFAULT;
	return uio_done(uio, n);
}

static int
zero_user(uint64_t to, size_t n)
{
	static const char zeroes[1024];

	for (size_t part; n; to += part, n -= part) {
		part = n < sizeof(zeroes) ? n : sizeof(zeroes);
		if (copy_to_user(to, zeroes, part))
			return -EFAULT;
	}
	return 0;
}

int
uio_put_zero(struct uio *uio, size_t n)
{
	assert(n <= uio->left);
	if (uio->kernel)
		memset(uio->kernel, 0, n);
	else if (!in_range(uio->user, n) || zero_user(uio->user, n))
		return -EFAULT;
	return uio_done(uio, n);
}

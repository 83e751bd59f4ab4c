/*
 * nsdrop: a process gives up a scheme.  Dispatched by syscall.c.
 *
 * The rule: everything is asked and copied first; namespace.c does it at once.
 */
#include "abi/errno.h"
#include "heap.h"
#include "namespace.h"
#include "syscall.h"
#include "usercopy.h"

#define NAME_SIZE 32 /* no scheme has so long a name */

/* ops: NULL: there is none of that name, which is said last. */
static int
drop(struct thread *self, const struct scheme_ops *ops, uint64_t user_keep,
     size_t count)
{
	int *keep = NULL, error = 0;

	if (count) {
		keep = heap_alloc(count * sizeof *keep);
		if (!keep)
			return -ENOMEM;
		error = copy_from_user(keep, user_keep, count * sizeof *keep);
	}
	if (!error)
		error = ops ? namespace_drop(self, ops, keep, count) : -ENOENT;
	heap_free(keep);
	return error;
}

int64_t
sys_nsdrop(struct thread *self, uint64_t user_scheme, uint64_t keep, int count)
{
	const struct scheme_ops *ops;
	char name[NAME_SIZE];
	int64_t length =
		copy_text_from_user(name, user_scheme, sizeof name, -ENOENT);

	if (length < 0)
		return length;
	if (count < 0 || count > FD_MAX)
		return -EINVAL;
	ops = scheme_find(name, (size_t)length);
	return drop(self, ops, keep, (size_t)count);
}

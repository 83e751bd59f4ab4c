/*
 * A scheme leaves a process's namespace, with the descriptors that lead to it.
 *
 * Called by sys_nsdrop.  The namespace lies in the table of descriptors, so
 * that one lock, FD_TABLE, makes all this one step to everybody else:
 *
 *	a path		is refused by parse (path.c), which looks without the
 *			lock; an open that has passed it already is refused by
 *			fd_install, which looks with it
 *	dup		copies a descriptor that is there, under the lock
 *	fork, new	copy descriptors and namespace together, under the lock
 *	a directory	that somebody enters meanwhile leads nowhere: each path
 *			that begins there is asked again
 *
 * The rule: all that may fail comes before the first change.
 */
#include "namespace.h"

#include "abi/errno.h"
#include "heap.h"

static bool
is_of(const struct fd_table *table, int fd, const struct scheme_ops *ops)
{
	return (unsigned)fd < table->size && table->slots[fd].file &&
	       table->slots[fd].file->ops == ops;
}

/* May it be done?  FD_TABLE lock held. */
static int
check(const struct fd_table *table, const struct scheme_ops *ops,
      const int *keep, size_t count)
{
	if (!fd_table_names(table, ops))
		return -ENOENT;
	for (size_t i = 0; i < count; i++)
		if (!is_of(table, keep[i], ops))
			return -EBADF;
	return 0;
}

/* Does it: taken gets the files, each in the place of its descriptor.  FD_TABLE
 * lock held. */
static void
take(struct fd_table *table, const struct scheme_ops *ops, const int *keep,
     size_t count, struct file **taken)
{
	atomic_fetch_and(&table->schemes, ~ops->bit);
	for (unsigned fd = 0; fd < table->size; fd++)
		if (is_of(table, (int)fd, ops))
			taken[fd] = fd_table_take(table, fd);
	for (size_t i = 0; i < count; i++) {
		struct file **kept = &taken[keep[i]];

		if (*kept)
			table->slots[keep[i]].file = *kept;
		*kept = NULL;
	}
}

static void
drop_all(struct file **taken, unsigned size)
{
	for (unsigned fd = 0; fd < size; fd++)
		if (taken[fd])
			fd_table_drop(taken[fd]);
}

int
namespace_drop(struct thread *self, const struct scheme_ops *ops,
	       const int *keep, size_t count)
{
	struct fd_table *table = self->process->files;

	for (;;) {
		unsigned size = fd_table_size(table);
		struct file **taken = heap_zalloc(size * sizeof *taken);
		int error;
		bool fits;

		if (!taken)
			return -ENOMEM;
		spin_lock(&table->lock);
		fits = table->size <= size;
		error = fits ? check(table, ops, keep, count) : 0;
		if (fits && !error)
			take(table, ops, keep, count, taken);
		spin_unlock(&table->lock);
		drop_all(taken, size);
		heap_free(taken);
		if (fits)
			return error;
	}
}

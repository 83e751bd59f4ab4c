/*
 * The running process's descriptors: found, installed, replaced, closed.
 *
 * Called by the calls of files.  The rule: whoever looks a descriptor up gets a
 * reference and puts it back, so a close meanwhile takes nothing away.
 *
 * What was opened enters the table only while its scheme is in the namespace,
 * and what is duplicated only while its descriptor is there, each decided under
 * the lock under which nsdrop takes a scheme and its descriptors at once: so
 * nothing that was begun before survives it.
 */
#include "fd_table.h"

#include "abi/errno.h"
#include "heap.h"
#include "process.h"
#include "text.h"

static struct fd_table *
table_of(struct thread *self)
{
	return self->process->files;
}

struct file *
fd_get(struct thread *self, int fd)
{
	return fd_table_find(table_of(self), fd);
}

/* Makes room for slot fd: 0, -EMFILE, -ENOMEM. */
static int
table_grow(struct fd_table *table, unsigned fd)
{
	unsigned size = table->size;
	struct fd_slot *slots;

	if (fd >= FD_MAX)
		return -EMFILE;
	while (size <= fd)
		size *= 2;
	if (size == table->size)
		return 0;
	slots = heap_zalloc(size * sizeof *slots);
	if (!slots)
		return -ENOMEM;
	memcpy(slots, table->slots, table->size * sizeof *slots);
	heap_free(table->slots);
	table->slots = slots;
	table->size = size;
	return 0;
}

static unsigned
lowest_free(struct fd_table *table, unsigned from)
{
	unsigned fd = from > table->lowest ? from : table->lowest;

	while (fd < table->size && table->slots[fd].file)
		fd++;
	if (from <= table->lowest)
		table->lowest = fd;
	return fd;
}

/* Gives slot fd to file, which becomes its descriptor: 0 or an error. */
static int
slot_fill(struct fd_table *table, unsigned fd, struct file *file, bool cloexec)
{
	int error = table_grow(table, fd);

	if (error)
		return error;
	if (!file_desc_add(file))
		return -EBADF;
	table->slots[fd] = (struct fd_slot){file, cloexec};
	return 0;
}

int
fd_install(struct thread *self, struct file *file, bool cloexec, int from)
{
	struct fd_table *table = table_of(self);
	unsigned fd;
	int error;

	spin_lock(&table->lock);
	fd = lowest_free(table, (unsigned)from);
	error = fd_table_names(table, file->ops)
			? slot_fill(table, fd, file, cloexec)
			: -ENOENT;
	spin_unlock(&table->lock);
	return error ? error : (int)fd;
}

static struct file *
slot_file(const struct fd_table *table, int fd)
{
	return (unsigned)fd < table->size ? table->slots[fd].file : NULL;
}

/* Gives slot fd to the file of slot from, with a reference: 0 or an error. */
static int
slot_copy(struct fd_table *table, int from, unsigned fd, bool cloexec)
{
	struct file *file = slot_file(table, from);
	int error = file ? slot_fill(table, fd, file, cloexec) : -EBADF;

	if (!error)
		file_get_inline(file);
	return error;
}

int
fd_duplicate(struct thread *self, int old, bool cloexec, int from)
{
	struct fd_table *table = table_of(self);
	unsigned fd;
	int error;

	spin_lock(&table->lock);
	fd = lowest_free(table, (unsigned)from);
	error = slot_copy(table, old, fd, cloexec);
	spin_unlock(&table->lock);
	return error ? error : (int)fd;
}

int
fd_replace(struct thread *self, int old, bool cloexec, int fd)
{
	struct fd_table *table = table_of(self);
	struct file *replaced;
	int error;

	if (fd < 0 || fd >= FD_MAX)
		return -EBADF;
	spin_lock(&table->lock);
	replaced = slot_file(table, fd);
	error = slot_copy(table, old, (unsigned)fd, cloexec);
	spin_unlock(&table->lock);
	if (error)
		return error;
	if (replaced)
		fd_table_drop(replaced);
	return fd;
}

int
fd_close(struct thread *self, int fd)
{
	struct fd_table *table = table_of(self);
	struct file *file = NULL;

	spin_lock(&table->lock);
	if ((unsigned)fd < table->size)
		file = fd_table_take(table, (unsigned)fd);
	spin_unlock(&table->lock);
	if (!file)
		return -EBADF;
	fd_table_drop(file);
	return 0;
}

int
fd_cloexec(struct thread *self, int fd)
{
	bool cloexec = false;
	struct file *file =
		fd_table_get(table_of(self), (unsigned)fd, &cloexec);

	if (!file)
		return -EBADF;
	file_put(file);
	return cloexec;
}

int
fd_set_cloexec(struct thread *self, int fd, bool cloexec)
{
	struct fd_table *table = table_of(self);
	int result = -EBADF;

	spin_lock(&table->lock);
	if ((unsigned)fd < table->size && table->slots[fd].file) {
		table->slots[fd].cloexec = cloexec;
		result = 0;
	}
	spin_unlock(&table->lock);
	return result;
}

/*
 * Tables of descriptors: number -> open file.
 *
 * A process has one table for life; fork, exec, exit and proc: use it here, its
 * own threads through fd.c.  The rule: a slot holds one reference and one
 * descriptor's count, and both are dropped after the table's lock, as closing
 * may sleep.  The namespace lies in the table and is copied with it, so that no
 * child has one without the other.
 */
#include "fd_table.h"

#include "heap.h"

#define FD_FIRST_SIZE 32u

static struct fd_table *
table_create(unsigned size)
{
	struct fd_table *table = heap_zalloc(sizeof *table);

	if (!table)
		return NULL;
	table->slots = heap_zalloc(size * sizeof *table->slots);
	if (!table->slots) {
		heap_free(table);
		return NULL;
	}
	spin_init(&table->lock, RANK_FD_TABLE);
	table->size = size;
	atomic_init(&table->schemes, FD_TABLE_ALL_SCHEMES);
	return table;
}

struct fd_table *
fd_table_create(void)
{
	return table_create(FD_FIRST_SIZE);
}

void
fd_table_free(struct fd_table *table)
{
	heap_free(table->slots);
	heap_free(table);
}

unsigned
fd_table_size(struct fd_table *table)
{
	unsigned size;

	spin_lock(&table->lock);
	size = table->size;
	spin_unlock(&table->lock);
	return size;
}

static void
copy_slots(struct fd_table *from, struct fd_table *to)
{
	for (unsigned fd = 0; fd < from->size; fd++) {
		to->slots[fd] = from->slots[fd];
		if (to->slots[fd].file) {
			file_get(to->slots[fd].file);
			file_desc_add(to->slots[fd].file);
		}
	}
	to->lowest = from->lowest;
	atomic_store(&to->schemes, atomic_load(&from->schemes));
}

struct fd_table *
fd_table_copy(struct fd_table *table)
{
	for (;;) {
		struct fd_table *copy = table_create(fd_table_size(table));
		bool fits;

		if (!copy)
			return NULL;
		spin_lock(&table->lock);
		fits = table->size <= copy->size;
		if (fits)
			copy_slots(table, copy);
		spin_unlock(&table->lock);
		if (fits)
			return copy;
		fd_table_free(copy);
	}
}

struct file *
fd_table_take(struct fd_table *table, unsigned fd)
{
	struct file *file = table->slots[fd].file;

	table->slots[fd].file = NULL;
	if (file && fd < table->lowest)
		table->lowest = fd;
	return file;
}

void
fd_table_drop(struct file *file)
{
	file_desc_drop(file);
	file_put(file);
}

/* The next that is to be closed, from *fd on, which moves past it; NULL: none.
 */
static struct file *
take_next(struct fd_table *table, bool only_cloexec, unsigned *fd)
{
	struct file *file = NULL;

	spin_lock(&table->lock);
	while (!file && *fd < table->size) {
		const struct fd_slot *slot = &table->slots[*fd];

		if (slot->file && (!only_cloexec || slot->cloexec))
			file = fd_table_take(table, *fd);
		(*fd)++;
	}
	spin_unlock(&table->lock);
	return file;
}

void
fd_table_close_all(struct fd_table *table, bool only_cloexec)
{
	unsigned fd = 0;
	struct file *file;

	while ((file = take_next(table, only_cloexec, &fd)))
		fd_table_drop(file);
}

struct file *
fd_table_get(struct fd_table *table, unsigned fd, bool *cloexec)
{
	struct file *file = NULL;

	spin_lock_first(&table->lock);
	if (fd < table->size && (file = table->slots[fd].file) != NULL) {
		file_get(file);
		*cloexec = table->slots[fd].cloexec;
	}
	spin_unlock_first(&table->lock);
	return file;
}

void
fd_table_close_if(struct fd_table *table, bool (*match)(struct file *, void *),
		  void *arg)
{
	for (unsigned fd = 0; fd < fd_table_size(table); fd++) {
		bool cloexec, still = false;
		struct file *file = fd_table_get(table, fd, &cloexec);

		if (!file)
			continue;
		if (match(file, arg)) {
			spin_lock(&table->lock);
			still = table->slots[fd].file == file;
			if (still)
				fd_table_take(table, fd);
			spin_unlock(&table->lock);
		}
		if (still)
			fd_table_drop(file);
		file_put(file);
	}
}

void
fd_table_for_each(struct fd_table *table,
		  void (*visit)(int fd, struct file *file, bool cloexec,
				void *arg),
		  void *arg)
{
	for (unsigned fd = 0; fd < fd_table_size(table); fd++) {
		bool cloexec = false;
		struct file *file = fd_table_get(table, fd, &cloexec);

		if (!file)
			continue;
		visit((int)fd, file, cloexec, arg);
		file_put(file);
	}
}

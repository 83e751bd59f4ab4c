/* Inside of tables of descriptors: fd_table.c, which keeps them, and fd.c,
 * which uses the running process's own. */
#pragma once

#include "file.h"

struct fd_slot {
	struct file *file; /* NULL: free */
	bool cloexec;
};

struct fd_table {
	struct spinlock lock;

	/* FD_TABLE lock must be held when using these: */
	unsigned size;
	unsigned lowest; /* no slot below is free */
	struct fd_slot *slots;

	/* Bits of the schemes that its process may name: its namespace.  Only
	 * shrinks, under the lock; read without it. */
	_Atomic uint32_t schemes;
};
#define FD_TABLE_ALL_SCHEMES UINT32_MAX

/* Is the scheme in the namespace?  Who has to be sure that it still is asks
 * with the FD_TABLE lock held. */
static inline bool
fd_table_names(const struct fd_table *table, const struct scheme_ops *ops)
{
	return atomic_load_explicit(&table->schemes, memory_order_relaxed) &
	       ops->bit;
}

unsigned fd_table_size(struct fd_table *table);

/* The file of a descriptor with a reference; NULL: it is free. */
static inline struct file *
fd_table_find(struct fd_table *table, int fd)
{
	struct file *file = NULL;

	spin_lock_first(&table->lock);
	if ((unsigned)fd < table->size &&
	    (file = table->slots[fd].file) != NULL)
		file_get_inline(file);
	spin_unlock_first(&table->lock);
	return file;
}

/* The same, and whether it closes on exec. */
struct file *fd_table_get(struct fd_table *table, unsigned fd, bool *cloexec);

/* Empties slot fd, which is inside the table; what it gives is to be dropped
 * after the lock.  FD_TABLE lock held. */
struct file *fd_table_take(struct fd_table *table, unsigned fd);
void fd_table_drop(struct file *file);

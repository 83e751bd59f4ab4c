/* Namespaces: the schemes that a process may name. */
#pragma once

#include "fd_table.h"
#include "process.h"

/* May self name the scheme?  The kernel's own threads may name each.  Holds
 * nothing; a no is for ever. */
static inline bool
namespace_has(const struct thread *self, const struct scheme_ops *ops)
{
	return !self || !self->process ||
	       fd_table_names(self->process->files, ops);
}

/* Is it the first one, of which nothing was taken? */
static inline bool
namespace_is_whole(const struct thread *self)
{
	return !self->process || atomic_load(&self->process->files->schemes) ==
					 FD_TABLE_ALL_SCHEMES;
}

/*
 * Takes the scheme from the namespace of self's process and closes its
 * descriptors, but for the count in keep.  0, or nothing has changed: -ENOENT
 * (it is not in the namespace), -EBADF (one that is to be kept is not open, or
 * of another scheme), -ENOMEM.  May sleep.
 */
int namespace_drop(struct thread *self, const struct scheme_ops *ops,
		   const int *keep, size_t count);

/*
 * A scheme that is one flat directory of root's files: sys:, host:, tty:.
 * Such a scheme names its entries by one function; everything about paths,
 * rights and listing is here.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "abi/types.h"
#include "scheme.h"

struct uio;

struct flat_entry {
	const char *name; /* good for ever; NULL: not there, goes without */
	unsigned mode;	  /* KS_IF* and permission bits; who is not root has
			     the last three */
};

/* The n-th entry, in an order that never changes; false: past the last. */
struct flat {
	uint64_t device; /* st_dev */
	bool (*entry)(unsigned n, struct flat_entry *entry);
};

#define FLAT_ROOT (-1) /* `which` of the directory itself */

/*
 * What a path leads to: which gets the entry's number or FLAT_ROOT.  0,
 * -ENOENT, or -ENOTDIR (something below a file, or a slash after it).
 */
int flat_find(const struct flat *flat, const struct place *at, int *which);

/* flat_find, then whether place's thread may open it with these flags: also
 * -EACCES, -EISDIR, -ENOTDIR, -EEXIST.  Sets file->mode, file->number (=
 * which). */
int flat_open(const struct flat *flat, const struct place *at, unsigned flags,
	      struct file *file, int *which);

int flat_stat(const struct flat *flat, const struct place *at,
	      struct abi_stat *stat);
void flat_fstat(const struct flat *flat, int which, struct abi_stat *stat);
int64_t flat_getdents(const struct flat *flat, struct uio *uio,
		      uint64_t *offset);
int64_t flat_path_of(const struct flat *flat, int which, char *buf,
		     size_t size);

/*
 * "newc" cpio archives, the form in which files travel between host and guest.
 *
 * Fixed bytes: entries come in the order they are added, mtime is 0, inode
 * numbers count from 1.
 */
#pragma once

#include "buffer.h"

#include <stdbool.h>

struct cpio {
	struct buffer bytes;
	struct buffer names; /* of all entries, each NUL-terminated */
	unsigned owner;	     /* uid and gid of entries added from now on */
	unsigned count;
};

struct cpio_entry {
	const char *name; /* without a leading slash */
	unsigned mode;	  /* as in st_mode */
	const char *data;
	size_t size;
};

/* Adds one entry, after directories for those of its parents that have none
 * yet. */
void cpio_add(struct cpio *c, const struct cpio_entry *e);

/*
 * Adds a file, or a folder with all that is in it, sorted, under `name`.  A
 * link named as `host` itself is followed, those inside travel as links.
 * Set-id bits stay behind.
 * Returns 0 or -errno; what is no file, folder or link is left out.
 */
int cpio_add_tree(struct cpio *c, const char *host, const char *name);

/* Tells whether the archive, or the names noted with cpio_note, has this path
 * (slashes at its ends aside). */
bool cpio_has(const struct cpio *c, const char *path);

/* Takes the names of another archive as known.  Returns false if it is
 * malformed. */
bool cpio_note(struct cpio *c, const struct buffer *archive);

/* Does the archive end with a trailer, so that nothing of it is missing? */
bool cpio_whole(const struct buffer *archive);

/* Adds the trailer. */
void cpio_end(struct cpio *c);

/*
 * Reads the entry at *at and moves *at past it.  Returns 1, 0 at the archive's
 * end, -1 if malformed. Concatenated archives and zeroes between them read as
 * one.
 */
int cpio_next(const struct buffer *archive, size_t *at, struct cpio_entry *e);

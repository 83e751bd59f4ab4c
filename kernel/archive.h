/* Reading boot archives: concatenated "newc" cpio archives in memory. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct archive {
	const unsigned char *bytes;
	size_t size;
	size_t at; /* where the next header, or the padding before it, is */
	unsigned ended; /* archives that ended so far */
};

struct archive_entry {
	unsigned archive; /* in which of those that follow each other */
	uint32_t ino, mode, uid, gid, links, mtime;
	uint32_t device[2]; /* major and minor of the file system it is from */
	const char *name;   /* NUL-terminated, in the archive, as it is there */
	size_t name_length; /* > 0 */
	const unsigned char *data;
	size_t size;
};

/* The next entry: 1; 0 at the end; -EINVAL for what is no archive: then no more
 * can be read.  No byte outside of the archive is looked at. */
int archive_next(struct archive *archive, struct archive_entry *entry);

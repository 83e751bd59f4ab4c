/*
 * The names in a directory: found by hash, listed in the order in which they
 * came.  Pure but for the heap; the caller locks.
 */
#pragma once

#include <stdint.h>
#include "list.h"

struct inode;

struct name {
	struct name *next;     /* of the same bucket */
	struct list same_file; /* inode's names */
	struct inode *inode, *dir;
	uint64_t cookie; /* its place in listings: grows with each new name */
	uint32_t hash;
	uint32_t length;
	char text[];
};

struct name_slot {
	uint64_t cookie;
	struct name *name; /* NULL: it is gone */
};

struct names {
	struct name **buckets;
	uint32_t bucket_count; /* 0 or a power of 2 */
	uint32_t live;
	struct name_slot *order; /* by cookie */
	uint32_t used, room;	 /* slots of order */
	uint64_t last_cookie;
};

#define NAMES_FIRST_COOKIE 2u /* 0 and 1 are "." and ".." */

void names_init(struct names *names);
void names_free(struct names *names); /* an empty one */
struct name *names_find(const struct names *names, const char *text,
			uint32_t length);
/* A name that is not there yet, its inode, dir and same_file still to be set;
 * NULL: no memory, and nothing is changed. */
struct name *names_add(struct names *names, const char *text, uint32_t length);
void names_remove(struct names *names, struct name *name); /* and frees it */
/* The first with a cookie >= this; NULL: none. */
struct name *names_from(const struct names *names, uint64_t cookie);

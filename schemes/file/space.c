/*
 * How much the RAM file system holds, and how much it may.
 *
 * Counted in bytes: pages, the nodes that find them, files, names.  The rule:
 * whoever takes gives back the same, so an empty file system counts 0.
 */
#include "inode.h"

#include "page.h"

static _Atomic uint64_t used;
static uint64_t limit;

void
file_set_limit(uint64_t bytes)
{
	limit = bytes;
}

void
space_init(void)
{
	struct page_stats stats;

	page_stats(&stats);
	if (limit == 0)
		limit = stats.total / 2 * PAGE_SIZE;
}

bool
space_take(uint64_t bytes)
{
	if (atomic_fetch_add(&used, bytes) + bytes <= limit)
		return true;
	space_give(bytes);
	return false;
}

void
space_add(uint64_t bytes)
{
	atomic_fetch_add(&used, bytes);
}

void
space_give(uint64_t bytes)
{
	atomic_fetch_sub(&used, bytes);
}

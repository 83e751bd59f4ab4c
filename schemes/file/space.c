/*
 * How much the RAM file system holds, and how much it may.
 *
 * Counted in bytes: pages, the nodes that find them, files, names.  The rule:
 * whoever takes gives back the same, so an empty file system counts 0.
 */
#include "inode.h"

#include "abi/types.h"
#include "page.h"

#define SPACE_TYPE 0x656c6966 /* "file" */

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

/* A limit above what memory is left promises nothing: available is less then.
 */
int
space_show(struct abi_statfs *statfs)
{
	uint64_t taken = used, left = taken < limit ? limit - taken : 0;
	struct page_stats stats;

	page_stats(&stats);
	statfs->f_type = SPACE_TYPE;
	statfs->f_bsize = statfs->f_frsize = PAGE_SIZE;
	statfs->f_blocks = limit / PAGE_SIZE;
	statfs->f_bfree = statfs->f_bavail = left / PAGE_SIZE;
	if (stats.free < statfs->f_bavail)
		statfs->f_bavail = stats.free;
	statfs->f_fsid[0] = 1;
	statfs->f_namelen = KNAME_MAX;
	return 0;
}

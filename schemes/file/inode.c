/*
 * Files of the RAM file system: made, shown, forgotten.
 *
 * Used by everything in this folder.  The rule: a name, an open file, a mapping
 * and a child's `..` each hold a reference; with the last one the contents go.
 */
#include "inode.h"

#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "heap.h"
#include "page.h"
#include "text.h"

#define NS 1000000000

static _Atomic uint64_t last_number;

int64_t
inode_now(void)
{
	return (int64_t)(arch_wall_ns() + arch_time_ns());
}

int
inode_create(uint32_t mode, uint32_t uid, uint32_t gid, struct inode **inode)
{
	struct inode *made;

	if (!space_take(sizeof *made))
		return -ENOSPC;
	made = heap_zalloc(sizeof *made);
	if (!made) {
		space_give(sizeof *made);
		return -ENOSPC;
	}
	made->object.ops = &map_object_ops;
	made->refs = 1;
	made->number = ++last_number;
	made->mode = mode;
	made->uid = uid;
	made->gid = gid;
	list_init(&made->found_as);
	names_init(&made->entries);
	mutex_init(&made->writers, RANK_INODE);
	spin_init(&made->lock, RANK_OBJECT);
	made->accessed = made->modified = made->changed = inode_now();
	*inode = made;
	return 0;
}

void
inode_get(struct inode *inode)
{
	atomic_fetch_add_explicit(&inode->refs, 1, memory_order_relaxed);
}

static void
inode_free(struct inode *inode)
{
	content_drop(inode, 0);
	names_free(&inode->entries);
	if (inode->target)
		space_give(strlen(inode->target) + 1);
	heap_free(inode->target);
	heap_free(inode->shown);
	heap_free(inode);
	space_give(sizeof *inode);
}

void
inode_put(struct inode *inode)
{
	while (inode && atomic_fetch_sub(&inode->refs, 1) == 1) {
		struct inode *parent = inode->parent;

		inode_free(inode);
		inode = parent;
	}
}

void
inode_touch(struct inode *inode, unsigned which)
{
	int64_t now = inode_now();

	spin_lock(&inode->lock);
	if (which & INODE_ACCESSED)
		inode->accessed = now;
	if (which & INODE_MODIFIED)
		inode->modified = now;
	if (which & INODE_CHANGED)
		inode->changed = now;
	spin_unlock(&inode->lock);
}

void
inode_touch_read(struct inode *inode)
{
	bool due;

	spin_lock(&inode->lock);
	due = inode->accessed <= inode->modified ||
	      inode->accessed <= inode->changed;
	spin_unlock(&inode->lock);
	if (due)
		inode_touch(inode, INODE_ACCESSED);
}

static struct abi_timespec
timespec(int64_t ns)
{
	struct abi_timespec t = {ns / NS, ns % NS};

	if (t.tv_nsec < 0) {
		t.tv_sec--;
		t.tv_nsec += NS;
	}
	return t;
}

void
inode_stat(struct inode *inode, struct abi_stat *stat)
{
	stat->st_dev = 1;
	stat->st_ino = inode->number;
	stat->st_blksize = PAGE_SIZE;
	spin_lock(&inode->lock);
	stat->st_nlink = inode->links;
	stat->st_mode = inode->mode;
	stat->st_uid = inode->uid;
	stat->st_gid = inode->gid;
	stat->st_size = (int64_t)inode->size;
	stat->st_blocks = (int64_t)(inode->pages.pages * (PAGE_SIZE / 512));
	stat->st_atim = timespec(inode->accessed);
	stat->st_mtim = timespec(inode->modified);
	stat->st_ctim = timespec(inode->changed);
	spin_unlock(&inode->lock);
}

bool
inode_allows(const struct inode *inode, const struct cred *cred, unsigned want)
{
	return scheme_allows(inode->mode, inode->uid, inode->gid, cred, want);
}

uint32_t
inode_without_set_ids(uint32_t mode)
{
	if ((mode & KS_IFMT) == KS_IFDIR)
		return mode;
	mode &= ~(uint32_t)KS_ISUID;
	return mode & 010 ? mode & ~(uint32_t)KS_ISGID : mode;
}

void
inode_lose_set_ids(struct inode *inode)
{
	spin_lock(&inode->lock);
	inode->mode = inode_without_set_ids(inode->mode);
	spin_unlock(&inode->lock);
}

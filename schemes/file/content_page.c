/*
 * The pages of a file: found, made, dropped.
 *
 * Called by content.c, map.c (with an address space's VM mutex held) and
 * unpack.c.  The rule: a page in the index is zeroed or filled before it gets
 * there, and only the OBJECT lock is taken, so a page fault may come here.
 */
#include "inode.h"

#include "abi/errno.h"
#include "page.h"

#define DROP_BATCH 32u

/* Puts a page into a hole and counts it.  OBJECT lock held. */
static int
put_page(struct inode *inode, uint64_t index, struct page *page)
{
	uint64_t nodes = inode->pages.nodes;
	int error;

	if (!space_take(PAGE_SIZE))
		return -ENOSPC;
	error = page_index_put(&inode->pages, index, page);
	space_add((inode->pages.nodes - nodes) * PAGE_INDEX_NODE_SIZE);
	if (!error)
		return 0;
	space_give(PAGE_SIZE);
	return -ENOSPC;
}

/* OBJECT lock held. */
static int
make_page(struct inode *inode, uint64_t index, struct page **page)
{
	int error;

	*page = page_alloc_zero(PAGE_FILE);
	if (!*page)
		return -ENOSPC;
	error = put_page(inode, index, *page);
	if (error)
		page_put(*page);
	return error;
}

/* OBJECT lock held. */
static int
find_or_make(struct inode *inode, uint64_t index, struct page **page)
{
	int error = 0;

	*page = page_index_get(&inode->pages, index);
	if (!*page)
		error = make_page(inode, index, page);
	if (!error)
		page_get(*page);
	return error;
}

int
content_page(struct inode *inode, uint64_t index, struct page **page)
{
	int error = -EFAULT;

	spin_lock(&inode->lock);
	if (index <= UINT64_MAX / PAGE_SIZE && index * PAGE_SIZE < inode->size)
		error = find_or_make(inode, index, page);
	spin_unlock(&inode->lock);
	return error;
}

int
content_page_to_write(struct inode *inode, uint64_t index, struct page **page)
{
	int error;

	spin_lock(&inode->lock);
	error = find_or_make(inode, index, page);
	spin_unlock(&inode->lock);
	return error;
}

int
content_give_page(struct inode *inode, uint64_t index, struct page *page)
{
	int error;

	spin_lock(&inode->lock);
	error = put_page(inode, index, page);
	spin_unlock(&inode->lock);
	return error;
}

void
content_drop(struct inode *inode, uint64_t from)
{
	struct page *pages[DROP_BATCH];
	uint64_t nodes;
	unsigned count;

	do {
		spin_lock(&inode->lock);
		nodes = inode->pages.nodes;
		count = page_index_take(&inode->pages, from, pages, DROP_BATCH);
		nodes -= inode->pages.nodes;
		spin_unlock(&inode->lock);
		space_give(count * (uint64_t)PAGE_SIZE +
			   nodes * PAGE_INDEX_NODE_SIZE);
		for (unsigned i = 0; i < count; i++)
			page_put(pages[i]);
	} while (count > 0);
}

/*
 * A file filled at once, for the boot archive: whole pages, copied straight.
 *
 * The rule: nobody else knows the file yet.
 */
#include "inode.h"

#include "abi/errno.h"
#include "page.h"
#include "text.h"

static int
fill_page(struct inode *inode, uint64_t index, const unsigned char *data,
	  size_t n)
{
	struct page *page = page_alloc(0, PAGE_FILE);
	char *to;
	int error;

	if (!page)
		return -ENOSPC;
	to = page_address(page);
	memcpy(to, data, n);
	memset(to + n, 0, PAGE_SIZE - n);
	error = content_give_page(inode, index, page);
	if (error)
		page_put(page);
	return error;
}

int
content_fill(struct inode *inode, const unsigned char *data, size_t size)
{
	int error = 0;

	for (size_t at = 0; at < size && !error; at += PAGE_SIZE) {
		size_t n = size - at;

		error = fill_page(inode, at / PAGE_SIZE, data + at,
				  n < PAGE_SIZE ? n : PAGE_SIZE);
	}
	if (error)
		content_drop(inode, 0);
	else
		inode->size = size;
	return error;
}

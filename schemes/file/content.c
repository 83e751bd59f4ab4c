/*
 * What is in a file: read, written, cut.
 *
 * Called by the operations of open files.  The rule: a writer holds the file's
 * INODE mutex; bytes past the end that are in its last page may be anything (a
 * shared mapping writes there), so whoever moves the end outwards clears them.
 */
#include "inode.h"

#include "abi/errno.h"
#include "page.h"
#include "text.h"
#include "usercopy.h"

#define PAUSE_BYTES (64u * 1024)

static size_t
smaller(uint64_t a, uint64_t b)
{
	return (size_t)(a < b ? a : b);
}

/* What can be read at offset: up to the end of the page or of the file.  *page
 * with a reference; NULL: a hole. */
static size_t
readable(struct inode *inode, uint64_t offset, struct page **page)
{
	size_t n = 0;

	*page = NULL;
	spin_lock(&inode->lock);
	if (offset < inode->size) {
		n = smaller(PAGE_SIZE - offset % PAGE_SIZE,
			    inode->size - offset);
		*page = page_index_get(&inode->pages, offset / PAGE_SIZE);
		if (*page)
			page_get(*page);
	}
	spin_unlock(&inode->lock);
	return n;
}

static int
read_part(struct inode *inode, struct uio *uio, uint64_t offset, size_t *n)
{
	struct page *page;
	int error;

	*n = readable(inode, offset, &page);
	*n = smaller(*n, uio->left);
	if (!page)
		return uio_put_zero(uio, *n);
	error = uio_put(uio, (char *)page_address(page) + offset % PAGE_SIZE,
			*n);
	page_put(page);
	return error;
}

int64_t
content_read(struct thread *self, struct inode *inode, struct uio *uio,
	     uint64_t *offset)
{
	int64_t done = 0;
	int error = 0;
	size_t n = 1;

	while (uio->left > 0 && n > 0 && !error) {
		error = read_part(inode, uio, *offset, &n);
		if (error)
			break;
		*offset += n;
		done += (int64_t)n;
		if (*offset % PAUSE_BYTES == 0 && scheme_pause(self))
			error = -EINTR;
	}
	inode_touch_read(inode);
	return done > 0 ? done : error;
}

/* Clears the bytes from the end of the file up to offset that are in the last
 * page.  INODE mutex held. */
static void
clear_tail(struct inode *inode, uint64_t offset)
{
	uint64_t end = inode->size;
	struct page *page;

	if (offset <= end || end % PAGE_SIZE == 0)
		return;
	spin_lock(&inode->lock);
	page = page_index_get(&inode->pages, end / PAGE_SIZE);
	if (page)
		memset((char *)page_address(page) + end % PAGE_SIZE, 0,
		       smaller(offset - end, PAGE_SIZE - end % PAGE_SIZE));
	spin_unlock(&inode->lock);
}

static void
grow_to(struct inode *inode, uint64_t end)
{
	spin_lock(&inode->lock);
	if (end > inode->size)
		inode->size = end;
	spin_unlock(&inode->lock);
}

/* After a copy that failed: what it left past the end goes, as a page that lies
 * wholly past the end is all zeroes.  INODE mutex held. */
static void
clear_failed(struct inode *inode, struct page *page, uint64_t offset, size_t n)
{
	uint64_t from = offset > inode->size ? offset : inode->size;

	if (from < offset + n)
		memset((char *)page_address(page) + from % PAGE_SIZE, 0,
		       (size_t)(offset + n - from));
}

static int
write_part(struct inode *inode, struct uio *uio, uint64_t offset, size_t n)
{
	struct page *page;
	int error = content_page_to_write(inode, offset / PAGE_SIZE, &page);

	if (error)
		return error;
	error = uio_take(uio, (char *)page_address(page) + offset % PAGE_SIZE,
			 n);
	if (error)
		clear_failed(inode, page, offset, n);
	else
		grow_to(inode, offset + n);
	page_put(page);
	return error;
}

/* INODE mutex held. */
static int64_t
write_parts(struct thread *self, struct inode *inode, struct uio *uio,
	    uint64_t *offset)
{
	int64_t done = 0;
	int error = 0;

	if (*offset >= INT64_MAX)
		return -EFBIG;
	clear_tail(inode, *offset);
	while (uio->left > 0 && *offset < INT64_MAX && !error) {
		size_t n = smaller(smaller(PAGE_SIZE - *offset % PAGE_SIZE,
					   INT64_MAX - *offset),
				   uio->left);

		error = write_part(inode, uio, *offset, n);
		if (error)
			break;
		*offset += n;
		done += (int64_t)n;
		if (*offset % PAUSE_BYTES == 0 && scheme_pause(self))
			error = -EINTR;
	}
	if (done > 0)
		inode_touch(inode, INODE_MODIFIED | INODE_CHANGED);
	return done > 0 ? done : error;
}

int64_t
content_write(struct thread *self, struct inode *inode, struct uio *uio,
	      uint64_t *offset, bool append)
{
	int64_t done;

	mutex_lock(&inode->writers);
	if (append)
		*offset = inode->size;
	done = write_parts(self, inode, uio, offset);
	mutex_unlock(&inode->writers);
	return done;
}

void
content_truncate(struct inode *inode, uint64_t size)
{
	mutex_lock(&inode->writers);
	clear_tail(inode, size);
	spin_lock(&inode->lock);
	inode->size = size;
	spin_unlock(&inode->lock);
	content_drop(inode, size / PAGE_SIZE + (size % PAGE_SIZE != 0));
	clear_tail(inode, UINT64_MAX);
	inode_touch(inode, INODE_MODIFIED | INODE_CHANGED);
	mutex_unlock(&inode->writers);
}

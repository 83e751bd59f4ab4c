/*
 * Files of the RAM file system, whatever names they have.
 *
 *	TREE mutex	names, directories, how many names a file has
 *	INODE mutex	one file's writers: who writes or cuts it
 *	OBJECT lock	its pages, size, times, rights
 *
 * A reader of contents takes only the OBJECT lock, page by page, and copies
 * with a reference on the page.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include "abi/fcntl.h"
#include "list.h"
#include "names.h"
#include "page_index.h"
#include "scheme.h"
#include "vm.h"
#include "waitq.h"

struct inode {
	struct vm_object object;
	_Atomic uint32_t refs;
	uint64_t number;
	_Atomic uint32_t links; /* names; 2 + directories in it for one; 0:
				   removed */
	/* changed under the OBJECT lock, read without */
	_Atomic uint32_t mode, uid, gid;

	/* TREE mutex must be held when using these: */
	struct list found_as; /* its names; empty: the root, or removed */
	struct inode *parent; /* a directory's, with a reference; the root's is
				 itself, without */
	struct names entries; /* a directory's */

	struct mutex writers; /* INODE */

	/* OBJECT lock must be held when using these: */
	struct spinlock lock;
	uint64_t size;
	int64_t accessed, modified, changed; /* ns since 1970 */
	struct page_index pages;
	char *shown; /* path when it was last mapped, for maps; heap */

	char *target; /* a symbolic link's, fixed; heap */
};

static inline uint32_t
inode_type(const struct inode *inode)
{
	return atomic_load_explicit(&inode->mode, memory_order_relaxed) &
	       KS_IFMT;
}

/* One without a name, links 0, refs 1.  -ENOSPC. */
int inode_create(uint32_t mode, uint32_t uid, uint32_t gid,
		 struct inode **inode);
void inode_get(struct inode *inode);
void inode_put(struct inode *inode);
int64_t inode_now(void); /* ns since 1970 */
enum { INODE_ACCESSED = 1, INODE_MODIFIED = 2, INODE_CHANGED = 4 };
void inode_touch(struct inode *inode, unsigned which);
/* Moves the access time on, unless it is later than the last change already. */
void inode_touch_read(struct inode *inode);
void inode_stat(struct inode *inode, struct abi_stat *stat);
bool inode_allows(const struct inode *inode, const struct cred *cred,
		  unsigned want);
/* The mode that is left of a file's: set-gid without the group's x bit stays.
 */
uint32_t inode_without_set_ids(uint32_t mode);
/* Takes set-id bits away, as a write or a change of owner does. */
void inode_lose_set_ids(struct inode *inode);

/* space.c: what the file system takes up. */
bool space_take(uint64_t bytes); /* false: over the limit, nothing taken */
void space_add(uint64_t bytes);	 /* whatever the limit says */
void space_give(uint64_t bytes);
void space_init(void);
int space_show(struct abi_statfs *statfs);

/* content.c: offsets and sizes are <= INT64_MAX. */
int64_t content_read(struct thread *self, struct inode *inode, struct uio *uio,
		     uint64_t *offset);
/* append: at the end, wherever *offset is. */
int64_t content_write(struct thread *self, struct inode *inode, struct uio *uio,
		      uint64_t *offset, bool append);
/* content_page.c: the page at index with a reference; *made if the file has
 * none there and it does not lie past the end.  -EFAULT past the end, -ENOSPC.
 */
int content_page(struct inode *inode, uint64_t index, struct page **page);
/* The same for a writer, who may be about to grow the file. */
int content_page_to_write(struct inode *inode, uint64_t index,
			  struct page **page);
void content_truncate(struct inode *inode, uint64_t size);
void content_drop(struct inode *inode, uint64_t from); /* pages from index on */
/* content_fill.c: contents for an empty file that nobody else knows.  -ENOSPC:
 * it stays empty. */
int content_fill(struct inode *inode, const unsigned char *data, size_t size);
/* Hands a fresh page over to a hole, when nobody else knows the file.
 * -ENOSPC: the page is still the caller's. */
int content_give_page(struct inode *inode, uint64_t index, struct page *page);

/* map.c */
extern const struct vm_object_ops map_object_ops;
int map_open(struct file *file, struct vm_object **object);

/*
 * Files as objects that address spaces map.
 *
 * vm.c calls the object's operations with a space's VM mutex held, which is why
 * they take nothing but the file's OBJECT lock.  The rule: a mapping is given
 * the file's own page, so programs share their text and a shared mapping is the
 * file; pages that a cut took out of the file stay with those who mapped them.
 */
#include "tree.h"

#include "abi/errno.h"
#include "heap.h"
#include "text.h"

static struct inode *
inode_of(struct vm_object *object)
{
	return container_of(object, struct inode, object);
}

static int
map_page(struct vm_object *object, uint64_t index, struct page **page)
{
	int error = content_page(inode_of(object), index, page);

	return error == -ENOSPC ? -ENOMEM : error;
}

static void
map_get(struct vm_object *object)
{
	inode_get(inode_of(object));
}

static void
map_put(struct vm_object *object)
{
	inode_put(inode_of(object));
}

static void
map_name(struct vm_object *object, char *buf, size_t size)
{
	struct inode *inode = inode_of(object);

	spin_lock(&inode->lock);
	text_copy(buf, inode->shown ? inode->shown : "?", size);
	spin_unlock(&inode->lock);
}

const struct vm_object_ops map_object_ops = {
	.page = map_page,
	.get = map_get,
	.put = map_put,
	.name = map_name,
};

/* The file's path now, for maps; heap; NULL: no memory. */
static char *
path_now(struct inode *inode)
{
	char *buf = heap_alloc(KPATH_MAX), *path;
	int64_t length;

	if (!buf)
		return NULL;
	length = dir_path(inode, buf, KPATH_MAX);
	path = heap_copy_text(length < 0 ? "(removed)" : buf);
	heap_free(buf);
	return path;
}

int
map_open(struct file *file, struct vm_object **object)
{
	struct inode *inode = file->data;
	char *path, *old;

	if (inode_type(inode) != KS_IFREG)
		return -ENODEV;
	path = path_now(inode);
	if (!path)
		return -ENOMEM;
	spin_lock(&inode->lock);
	old = inode->shown;
	inode->shown = path;
	spin_unlock(&inode->lock);
	heap_free(old);
	inode_get(inode);
	*object = &inode->object;
	return 0;
}

/*
 * Directories listed, and paths made from files.
 *
 * Called by getdents, getcwd, proc: and mappings.  The rule: an offset in a
 * listing is the cookie of the entry that comes next: 0 ".", 1 "..", then the
 * names' own.
 */
#include "tree.h"

#include "abi/errno.h"
#include "text.h"
#include "usercopy.h"

static unsigned
entry_type(const struct inode *inode)
{
	return inode_type(inode) >> 12; /* KDT_* are made so */
}

/* Lists the entry at *offset: 1, 0 at the end, or scheme_put_entry's error. */
static int
list_one(struct inode *dir, struct uio *uio, uint64_t *offset)
{
	struct inode *inode = *offset == 0 ? dir : dir->parent;
	const char *text = *offset == 0 ? "." : "..";
	uint64_t cookie = *offset;
	int error;

	if (cookie >= NAMES_FIRST_COOKIE) {
		struct name *name = names_from(&dir->entries, cookie);

		if (!name)
			return 0;
		inode = name->inode;
		text = name->text;
		cookie = name->cookie;
	}
	error = scheme_put_entry(uio, inode->number, cookie + 1,
				 entry_type(inode), text, strlen(text));
	if (error)
		return error;
	*offset = cookie + 1;
	return 1;
}

int64_t
dir_list(struct file *file, struct uio *uio, uint64_t *offset)
{
	struct inode *dir = file->data;
	size_t room = uio->left;
	int result = 1;

	if (inode_type(dir) != KS_IFDIR)
		return -ENOTDIR;
	mutex_lock(&tree_lock);
	if (dir->links == 0)
		result = -ENOENT;
	while (result > 0)
		result = list_one(dir, uio, offset);
	mutex_unlock(&tree_lock);
	inode_touch_read(dir);
	return uio->left < room ? (int64_t)(room - uio->left) : result;
}

/* Puts the path before buf[at]; TREE mutex held. */
static int64_t
build_path(struct inode *inode, char *buf, size_t at)
{
	while (inode != tree_root) {
		struct name *name;

		if (list_empty(&inode->found_as))
			return -ENOENT;
		name = container_of(inode->found_as.next, struct name,
				    same_file);
		if (at < name->length + 1)
			return -ENAMETOOLONG;
		at -= name->length;
		memcpy(buf + at, name->text, name->length);
		buf[--at] = '/';
		inode = name->dir;
	}
	return (int64_t)at;
}

int64_t
dir_path(struct inode *inode, char *buf, size_t size)
{
	int64_t at;
	size_t length;

	if (size < 2)
		return -ENAMETOOLONG;
	mutex_lock(&tree_lock);
	at = build_path(inode, buf, size - 1);
	mutex_unlock(&tree_lock);
	if (at < 0)
		return at;
	if ((size_t)at == size - 1)
		buf[--at] = '/';
	length = size - 1 - (size_t)at;
	memmove(buf, buf + at, length);
	buf[length] = '\0';
	return (int64_t)length;
}

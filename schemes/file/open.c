/*
 * Opening by path, and making the file if it is to be made.
 *
 * The rule: finding, judging and making are one step under the TREE mutex; what
 * follows (O_TRUNC) is done to the file that was found, whatever becomes of its
 * name.
 */
#include "tree.h"

#include "abi/errno.h"
#include "path.h"

static unsigned
wanted(unsigned flags)
{
	static const unsigned by_mode[] = {
		[KO_RDONLY] = KR_OK,
		[KO_WRONLY] = KW_OK,
		[KO_RDWR] = KR_OK | KW_OK,
		[KO_ACCMODE] = KR_OK | KW_OK,
	};
	unsigned want = by_mode[flags & KO_ACCMODE];

	if (flags & KO_TRUNC)
		want |= KW_OK;
	return flags & PATH_EXEC ? KX_OK : want;
}

/* May `at` open this existing file so? */
static int
check_existing(const struct place *at, const struct inode *inode,
	       unsigned flags)
{
	uint32_t type = inode_type(inode);
	bool directory = type == KS_IFDIR;

	if ((flags & KO_CREAT) && (flags & KO_EXCL))
		return -EEXIST;
	if ((flags & KO_DIRECTORY) && !directory)
		return -ENOTDIR;
	if (type == KS_IFLNK)
		return -ELOOP;
	if (directory && ((flags & KO_CREAT) || (wanted(flags) & KW_OK)))
		return -EISDIR;
	if (directory && (flags & PATH_EXEC) && !(flags & KO_DIRECTORY))
		return -EACCES;
	return inode_allows(inode, &at->cred, wanted(flags)) ? 0 : -EACCES;
}

static int
make(const struct place *at, const struct walk *w, unsigned flags,
     unsigned mode, struct inode **inode)
{
	int error;

	if (!(flags & KO_CREAT))
		return -ENOENT;
	error = tree_may_add(at, w, false);
	return error ? error : tree_make(at, w, KS_IFREG | mode, inode);
}

static unsigned
walk_mode(unsigned flags)
{
	unsigned mode = flags & KO_NOFOLLOW ? WALK_SLASH : WALK_FOLLOW;

	if (!(flags & KO_CREAT))
		return mode;
	return (flags & KO_EXCL ? WALK_NEVER : mode) | WALK_CREATE;
}

/* TREE mutex held. */
static int
find_or_make(struct place *at, unsigned flags, unsigned mode,
	     struct inode **inode, bool *made)
{
	struct walk w;
	int error = walk(at, walk_mode(flags), &w);

	*made = !w.inode;
	if (!error && *made)
		error = make(at, &w, flags, mode, inode);
	else if (!error)
		error = check_existing(at, w.inode, flags);
	if (!error && !*made) {
		inode_get(w.inode);
		*inode = w.inode;
	}
	walk_end(&w);
	return error;
}

int
open_path(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	struct inode *inode;
	bool made;
	int error;

	if ((flags & KO_CREAT) && (flags & KO_DIRECTORY))
		return -EINVAL;
	mutex_lock(&tree_lock);
	error = find_or_make(at, flags, mode, &inode, &made);
	mutex_unlock(&tree_lock);
	if (error)
		return error;
	if ((flags & KO_TRUNC) && !made) {
		if (at->cred.euid != 0)
			inode_lose_set_ids(inode);
		content_truncate(inode, 0);
	}
	file->data = inode;
	file->mode = inode->mode;
	return 0;
}

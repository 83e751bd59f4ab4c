/*
 * The tree of names: entries made and taken away, and what that does to the
 * files and directories around.
 *
 * Used by change.c, rename.c, open.c and unpack.c with the TREE mutex held. The
 * rule: a name holds a reference on its file, a directory one on its parent;
 * links of a directory is 2 and the directories in it, 0 once it is removed.
 */
#include "tree.h"

#include "abi/errno.h"
#include "text.h"

struct mutex tree_lock;
struct inode *tree_root;

int
tree_may_add(const struct place *at, const struct walk *w, bool directory)
{
	if (w->inode || w->last != WALK_NAME)
		return -EEXIST;
	if ((w->slash && !directory) || w->dir->links == 0)
		return -ENOENT;
	return inode_allows(w->dir, &at->cred, KW_OK | KX_OK) ? 0 : -EACCES;
}

int
tree_may_remove(const struct place *at, const struct walk *w)
{
	uint32_t uid = at->cred.euid;

	if (!w->inode)
		return -ENOENT;
	if (!inode_allows(w->dir, &at->cred, KW_OK | KX_OK))
		return -EACCES;
	if ((w->dir->mode & KS_ISVTX) && uid != 0 && uid != w->inode->uid &&
	    uid != w->dir->uid)
		return -EPERM;
	return 0;
}

static uint64_t
name_space(uint32_t length)
{
	return sizeof(struct name) + sizeof(struct name_slot) + length + 1;
}

/* name, in dir, now stands for inode. */
static void
tie(struct inode *dir, struct name *name, struct inode *inode)
{
	inode_get(inode);
	name->inode = inode;
	name->dir = dir;
	list_add_head(&inode->found_as, &name->same_file);
	if (inode_type(inode) == KS_IFDIR) {
		if (inode->links == 0)
			inode->links = 2;
		dir->links++;
		inode_get(dir);
		inode_put(inode->parent);
		inode->parent = dir;
	} else {
		inode->links++;
	}
	inode_touch(inode, INODE_CHANGED);
	inode_touch(dir, INODE_MODIFIED | INODE_CHANGED);
}

/* name stands for nothing: what it stood for is without it.  The parent of a
 * removed directory stays, for its `..`. */
static void
untie(struct name *name)
{
	struct inode *inode = name->inode;

	list_remove(&name->same_file);
	if (inode_type(inode) == KS_IFDIR) {
		name->dir->links--;
		if (list_empty(&inode->found_as))
			inode->links = 0;
	} else {
		inode->links--;
	}
	inode_touch(inode, INODE_CHANGED);
	inode_touch(name->dir, INODE_MODIFIED | INODE_CHANGED);
	inode_put(inode);
}

int
tree_add(struct inode *dir, const char *text, uint32_t length,
	 struct inode *inode)
{
	struct name *name;

	if (!space_take(name_space(length)))
		return -ENOSPC;
	name = names_add(&dir->entries, text, length);
	if (!name) {
		space_give(name_space(length));
		return -ENOSPC;
	}
	tie(dir, name, inode);
	return 0;
}

void
tree_remove(struct name *name)
{
	struct inode *dir = name->dir;

	untie(name);
	space_give(name_space(name->length));
	names_remove(&dir->entries, name);
}

void
tree_replace(struct name *name, struct inode *inode)
{
	struct inode *dir = name->dir;

	untie(name);
	tie(dir, name, inode);
}

int
tree_make(const struct place *at, const struct walk *w, uint32_t mode,
	  struct inode **inode)
{
	uint32_t gid = at->cred.egid;
	int error;

	if (w->dir->mode & KS_ISGID) {
		gid = w->dir->gid;
		if ((mode & KS_IFMT) == KS_IFDIR)
			mode |= KS_ISGID;
		else if (at->cred.euid != 0 && at->cred.egid != gid)
			mode &= ~(uint32_t)KS_ISGID; /* not his to give */
	}
	error = inode_create(mode, at->cred.euid, gid, inode);
	if (error)
		return error;
	error = tree_add(w->dir, w->text, w->length, *inode);
	if (error)
		inode_put(*inode);
	return error;
}

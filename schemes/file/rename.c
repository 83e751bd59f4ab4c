/*
 * rename: one name for another, at once.
 *
 * The rule: everything is checked under the TREE mutex before anything changes,
 * and the one step that may fail, a new entry, comes first; so whoever looks
 * finds the old file or the new one, never none.
 */
#include "tree.h"

#include "abi/errno.h"

static bool
is_dir(const struct inode *inode)
{
	return inode && inode_type(inode) == KS_IFDIR;
}

/* Is `above` the directory `inode`, or one above it? */
static bool
is_above(const struct inode *above, const struct inode *inode)
{
	while (inode != above && inode != tree_root)
		inode = inode->parent;
	return inode == above;
}

/* What is to be renamed, and the shape of both names. */
static int
check_names(const struct walk *old, const struct walk *new)
{
	if (old->last != WALK_NAME || new->last != WALK_NAME)
		return -EBUSY;
	if (!old->inode)
		return -ENOENT;
	if (!is_dir(old->inode) && (old->slash || new->slash))
		return -ENOTDIR;
	if (is_dir(old->inode) && is_above(old->inode, new->dir))
		return -EINVAL;
	if (is_dir(new->inode) && new->inode != old->inode &&
	    is_above(new->inode, old->dir))
		return -ENOTEMPTY;
	return 0;
}

/* What is there already, and makes way. */
static int
check_target(const struct place *to, const struct walk *old,
	     const struct walk *new)
{
	int error;

	if (!new->inode)
		return tree_may_add(to, new, is_dir(old->inode));
	error = tree_may_remove(to, new);
	if (error)
		return error;
	if (is_dir(old->inode) && !is_dir(new->inode))
		return -ENOTDIR;
	return !is_dir(old->inode) && is_dir(new->inode) ? -EISDIR : 0;
}

static int
check_rights(const struct place *from, const struct place *to,
	     const struct walk *old, const struct walk *new)
{
	int error = tree_may_remove(from, old);

	if (!error)
		error = check_target(to, old, new);
	if (error)
		return error;
	if (is_dir(old->inode) && old->dir != new->dir &&
	    !inode_allows(old->inode, &from->cred, KW_OK))
		return -EACCES; /* its `..` changes */
	return is_dir(new->inode) && new->inode->entries.live > 0 ? -ENOTEMPTY
								  : 0;
}

/* All checked: does it.  -ENOSPC if there is no room for a new name. */
static int
move(const struct walk *old, const struct walk *new)
{
	int error = 0;

	if (new->name)
		tree_replace(new->name, old->inode);
	else
		error = tree_add(new->dir, new->text, new->length, old->inode);
	if (!error)
		tree_remove(old->name);
	return error;
}

static int
rename_found(const struct place *from, const struct place *to,
	     const struct walk *old, const struct walk *new)
{
	int error = check_names(old, new);

	if (error || old->inode == new->inode)
		return error;
	error = check_rights(from, to, old, new);
	return error ? error : move(old, new);
}

int
tree_rename(struct place *from, struct place *to)
{
	struct walk old, new = {0};
	struct inode *gone = NULL;
	int error;

	mutex_lock(&tree_lock);
	error = walk(from, WALK_NEVER, &old);
	if (!error)
		error = walk(to, WALK_NEVER, &new);
	if (!error) {
		gone = new.inode;
		if (gone)
			inode_get(gone);
		error = rename_found(from, to, &old, &new);
	}
	walk_end(&old);
	walk_end(&new);
	mutex_unlock(&tree_lock);
	inode_put(gone);
	return error;
}

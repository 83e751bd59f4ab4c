/*
 * mkdir, rmdir, unlink, link and symlink.
 *
 * The operations by path that change the tree; rename has its own file.  The
 * rule: all is checked, in Linux's order, before anything is changed, under the
 * TREE mutex; a file whose last name went is forgotten after it.
 */
#include "tree.h"

#include "abi/errno.h"
#include "heap.h"
#include "text.h"

/* Makes a directory, or a symbolic link to target, which it takes over. */
static int
make(struct place *at, uint32_t mode, char *target)
{
	struct inode *made;
	struct walk w;
	int error;

	mutex_lock(&tree_lock);
	error = walk(at, WALK_NEVER, &w);
	if (!error)
		error = tree_may_add(at, &w, (mode & KS_IFMT) == KS_IFDIR);
	if (!error)
		error = tree_make(at, &w, mode, &made);
	if (!error) {
		made->size = target ? strlen(target) : 0;
		made->target = target;
		inode_put(made);
	}
	walk_end(&w);
	mutex_unlock(&tree_lock);
	return error;
}

int
tree_mkdir(struct place *at, unsigned mode)
{
	return make(at, KS_IFDIR | (mode & (KS_ISVTX | 0777)), NULL);
}

int
tree_symlink(const char *target, struct place *at)
{
	size_t size = strlen(target) + 1;
	char *copy;
	int error = -ENOSPC;

	if (!space_take(size))
		return -ENOSPC;
	copy = heap_copy_text(target);
	if (copy)
		error = make(at, KS_IFLNK | 0777, copy);
	if (error) {
		heap_free(copy);
		space_give(size);
	}
	return error;
}

/* 0 if the directory at w may go. */
static int
check_rmdir(const struct place *at, const struct walk *w)
{
	int error;

	if (w->last == WALK_DOT)
		return -EINVAL;
	if (w->last == WALK_DOTDOT)
		return -ENOTEMPTY;
	if (w->last == WALK_START)
		return -EBUSY;
	error = tree_may_remove(at, w);
	if (error)
		return error;
	if (inode_type(w->inode) != KS_IFDIR)
		return -ENOTDIR;
	return w->inode->entries.live > 0 ? -ENOTEMPTY : 0;
}

/* 0 if the file at w may lose this name. */
static int
check_unlink(const struct place *at, const struct walk *w)
{
	int error;

	if (w->last != WALK_NAME)
		return -EISDIR;
	if (w->slash && w->inode)
		return inode_type(w->inode) == KS_IFDIR ? -EISDIR : -ENOTDIR;
	error = tree_may_remove(at, w);
	if (error)
		return error;
	return inode_type(w->inode) == KS_IFDIR ? -EISDIR : 0;
}

static int
take_away(struct place *at,
	  int (*check)(const struct place *, const struct walk *))
{
	struct inode *gone = NULL;
	struct walk w;
	int error;

	mutex_lock(&tree_lock);
	error = walk(at, WALK_NEVER, &w);
	if (!error)
		error = check(at, &w);
	if (!error) {
		gone = w.inode;
		inode_get(gone);
		tree_remove(w.name);
	}
	walk_end(&w);
	mutex_unlock(&tree_lock);
	inode_put(gone);
	return error;
}

int
tree_rmdir(struct place *at)
{
	return take_away(at, check_rmdir);
}

int
tree_unlink(struct place *at)
{
	return take_away(at, check_unlink);
}

/* 0 if what is at `old` may have the name at `new` too. */
static int
check_link(const struct place *to, const struct walk *old,
	   const struct walk *new)
{
	int error = tree_may_add(to, new, false);

	if (error)
		return error;
	if (inode_type(old->inode) == KS_IFDIR)
		return -EPERM;
	return old->inode->links == UINT32_MAX ? -EMLINK : 0;
}

int
tree_link(struct place *from, struct place *to)
{
	struct walk old, new = {0};
	int error;

	mutex_lock(&tree_lock);
	error = walk(from, WALK_SLASH, &old);
	if (!error && !old.inode)
		error = -ENOENT;
	if (!error)
		error = walk(to, WALK_NEVER, &new);
	if (!error)
		error = check_link(to, &old, &new);
	if (!error)
		error = tree_add(new.dir, new.text, new.length, old.inode);
	walk_end(&old);
	walk_end(&new);
	mutex_unlock(&tree_lock);
	return error;
}

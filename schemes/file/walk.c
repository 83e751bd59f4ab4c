/*
 * Paths followed through the tree.
 *
 * Every operation by path begins here.  The rule: a relative symbolic link is
 * followed on the spot, by putting its target before the rest of the path; one
 * that is absolute or names a scheme goes back to path.c as -EREDIRECT.
 */
#include "tree.h"

#include "abi/errno.h"
#include "heap.h"
#include "path.h"
#include "text.h"

/* Where the walk is: the rest of the path is to be looked up in dir. */
struct step {
	struct inode *dir;
	const char *rest;
};

static const char *
past_slashes(const char *text)
{
	while (*text == '/')
		text++;
	return text;
}

static uint32_t
component_length(const char *text)
{
	uint32_t n = 0;

	while (text[n] && text[n] != '/')
		n++;
	return n;
}

/* Cuts the next component off: its lookup into w, the rest into step. */
static int
look_up(const struct place *at, struct step *step, struct walk *w)
{
	const char *after;

	w->dir = step->dir;
	w->text = step->rest;
	w->length = component_length(w->text);
	after = past_slashes(w->text + w->length);
	w->slash = after != w->text + w->length;
	step->rest = after;
	if (inode_type(w->dir) != KS_IFDIR)
		return -ENOTDIR;
	if (w->length > KNAME_MAX)
		return -ENAMETOOLONG;
	if (!inode_allows(w->dir, &at->cred, KX_OK))
		return -EACCES;
	w->name = NULL;
	w->last = WALK_NAME;
	if (w->length == 1 && w->text[0] == '.') {
		w->last = WALK_DOT;
		w->inode = w->dir;
	} else if (w->length == 2 && w->text[0] == '.' && w->text[1] == '.') {
		w->last = WALK_DOTDOT;
		w->inode = w->dir->parent;
	} else {
		w->name = names_find(&w->dir->entries, w->text, w->length);
		w->inode = w->name ? w->name->inode : NULL;
	}
	return 0;
}

/* Puts the target of the symbolic link at w before the rest of the path. */
static int
follow(struct place *at, struct step *step, struct walk *w)
{
	const char *target = w->inode->target, *rest = w->text + w->length;
	size_t length = strlen(target), left = strlen(rest);
	char *built;

	if (length + left >= KPATH_MAX)
		return -ENAMETOOLONG;
	built = heap_alloc(length + left + 1);
	if (!built)
		return -ENOMEM;
	memcpy(built, target, length);
	memcpy(built + length, rest, left + 1);
	if (*target == '/' || path_scheme(target)) {
		at->redirect = built; /* and counted where it is followed */
		return -EREDIRECT;
	}
	if (++at->links > PLACE_LINKS_MAX) {
		heap_free(built);
		return -ELOOP;
	}
	heap_free(w->built);
	w->built = built;
	step->rest = built;
	step->dir = w->dir;
	return 0;
}

static bool
is_followed(const struct walk *w, bool last, unsigned mode)
{
	mode &= ~(unsigned)WALK_CREATE;
	if (!w->inode || inode_type(w->inode) != KS_IFLNK)
		return false;
	return !last || mode == WALK_FOLLOW || (mode == WALK_SLASH && w->slash);
}

int
walk(struct place *at, unsigned mode, struct walk *w)
{
	struct step step = {at->start ? at->start->data : tree_root,
			    past_slashes(at->path)};
	bool last = !*step.rest;
	int error = 0;

	*w = (struct walk){WALK_START, .inode = step.dir, .dir = step.dir};
	while (!last && !error) {
		error = look_up(at, &step, w);
		if (error)
			break;
		last = !*step.rest;
		if (last && w->slash && w->last == WALK_NAME &&
		    (mode & WALK_CREATE)) {
			error = -EISDIR;
		} else if (is_followed(w, last, mode)) {
			error = follow(at, &step, w);
			last = false;
		} else if (!last && !w->inode) {
			error = -ENOENT;
		} else {
			step.dir = w->inode;
		}
	}
	if (!error && mode != WALK_NEVER && w->slash && w->inode &&
	    inode_type(w->inode) != KS_IFDIR)
		error = -ENOTDIR;
	return error;
}

void
walk_end(struct walk *w)
{
	heap_free(w->built);
}

int
walk_find(struct place *at, bool follow_last, struct inode **inode)
{
	struct walk w;
	int error;

	mutex_lock(&tree_lock);
	error = walk(at, follow_last ? WALK_FOLLOW : WALK_SLASH, &w);
	if (!error && !w.inode)
		error = -ENOENT;
	if (!error) {
		inode_get(w.inode);
		*inode = w.inode;
	}
	walk_end(&w);
	mutex_unlock(&tree_lock);
	return error;
}

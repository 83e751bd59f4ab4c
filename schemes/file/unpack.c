/*
 * The tree filled from the boot archive.
 *
 * Called once, by the scheme's init, before any process is.  The rule: an
 * archive can do no harm: what makes no sense in it is left out with a line in
 * the log, and what was read before stays.  A later entry replaces an earlier
 * one of the same name.
 */
#include "tree.h"

#include "abi/errno.h"
#include "archive.h"
#include "heap.h"
#include "print.h"
#include "text.h"

#define NS 1000000000

static struct archive boot;

void
file_set_archive(const void *start, size_t size)
{
	boot = (struct archive){.bytes = start, .size = size};
}

#define LINKED_MAX 4096u

/* A file with several names: its first one, by which the others find it. */
struct linked {
	struct linked *next;
	struct archive_entry entry;
	char path[];
};

/* What is under way: one entry, where it goes. */
struct unpacking {
	struct archive_entry entry;
	struct place place;
	struct linked *linked;
	unsigned linked_count;
	char path[KPATH_MAX];
};

/* Is `..` a component of path? */
static bool
goes_up(const char *path)
{
	for (; path; path = strchr(path, '/')) {
		while (*path == '/')
			path++;
		if (strncmp(path, "..", 2) == 0 &&
		    (path[2] == '/' || path[2] == '\0'))
			return true;
	}
	return false;
}

static struct place *
place_of(struct unpacking *u)
{
	heap_free(u->place.redirect);
	u->place = (struct place){.path = u->path};
	return &u->place;
}

/* Makes the directories above path that are not there. */
static void
make_parents(struct unpacking *u)
{
	for (char *slash = strchr(u->path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		tree_mkdir(place_of(u), 0755);
		*slash = '/';
	}
}

/* Owner, rights and times as the archive has them. */
static void
set_attributes(struct inode *inode, const struct archive_entry *entry)
{
	inode->uid = entry->uid;
	inode->gid = entry->gid;
	inode->mode = inode_type(inode) | (entry->mode & 07777);
	inode->accessed = inode->modified = inode->changed =
		(int64_t)entry->mtime * NS;
}

/* The file at path gets what the entry says. */
static int
finish(struct unpacking *u)
{
	struct inode *inode;
	int error = walk_find(place_of(u), false, &inode);

	if (error)
		return error;
	if (inode_type(inode) == KS_IFREG && inode->size == 0)
		error = content_fill(inode, u->entry.data, u->entry.size);
	set_attributes(inode, &u->entry);
	inode_put(inode);
	return error;
}

static int
put_directory(struct unpacking *u)
{
	int error = tree_mkdir(place_of(u), 0755);

	return error && error != -EEXIST ? error : finish(u);
}

static struct linked *
first_name(const struct unpacking *u)
{
	const struct archive_entry *e = &u->entry;
	struct linked *linked;

	for (linked = u->linked; linked; linked = linked->next)
		if (linked->entry.ino == e->ino &&
		    linked->entry.archive == e->archive &&
		    linked->entry.device[0] == e->device[0] &&
		    linked->entry.device[1] == e->device[1])
			break;
	return linked;
}

static void
remember(struct unpacking *u)
{
	size_t size = strlen(u->path) + 1;
	struct linked *linked;

	if (u->entry.links < 2 || u->linked_count == LINKED_MAX)
		return;
	linked = heap_alloc(sizeof *linked + size);
	if (!linked)
		return;
	linked->entry = u->entry;
	memcpy(linked->path, u->path, size);
	linked->next = u->linked;
	u->linked = linked;
	u->linked_count++;
}

static int
make_file(struct unpacking *u)
{
	struct file file = {0};
	int error = open_path(place_of(u), KO_CREAT | KO_EXCL | KO_WRONLY, 0,
			      &file);

	if (!error)
		inode_put(file.data);
	return error;
}

static int
put_file(struct unpacking *u)
{
	struct linked *first = u->entry.links < 2 ? NULL : first_name(u);
	int error = -ENOENT;

	tree_unlink(place_of(u));
	if (first) {
		struct place from = {.path = first->path};

		error = tree_link(&from, place_of(u));
		heap_free(from.redirect);
	}
	if (error == -ENOENT) {
		error = make_file(u);
		if (!error)
			remember(u);
	}
	return error ? error : finish(u);
}

static int
put_link(struct unpacking *u)
{
	size_t n = u->entry.size;
	char *target;
	int error;

	if (n == 0 || n >= KPATH_MAX || memchr(u->entry.data, 0, n))
		return -EINVAL;
	target = heap_alloc(n + 1);
	if (!target)
		return -ENOMEM;
	memcpy(target, u->entry.data, n);
	target[n] = '\0';
	tree_unlink(place_of(u));
	error = tree_symlink(target, place_of(u));
	heap_free(target);
	return error ? error : finish(u);
}

static int
put_by_type(struct unpacking *u)
{
	static const struct {
		uint32_t type;
		int (*put)(struct unpacking *u);
	} kinds[] = {
		{KS_IFDIR, put_directory},
		{KS_IFREG, put_file},
		{KS_IFLNK, put_link},
	};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if ((u->entry.mode & KS_IFMT) == kinds[i].type)
			return kinds[i].put(u);
	return -EINVAL;
}

/* Takes the entry's name, without the slashes and dots at its head. */
static int
take_path(struct unpacking *u)
{
	const char *name = u->entry.name;

	while (*name == '/' || (name[0] == '.' && name[1] == '/'))
		name++;
	if (text_copy(u->path, name, sizeof u->path) >= sizeof u->path)
		return -ENAMETOOLONG;
	return goes_up(u->path) ? -EINVAL : 0;
}

static int
put_entry(struct unpacking *u)
{
	int error = take_path(u);

	if (error)
		return error;
	error = put_by_type(u);
	if (error == -ENOENT) {
		make_parents(u);
		error = put_by_type(u);
	}
	return error;
}

static void
forget(struct unpacking *u)
{
	while (u->linked) {
		struct linked *next = u->linked->next;

		heap_free(u->linked);
		u->linked = next;
	}
	heap_free(u->place.redirect);
	heap_free(u);
}

void
unpack_archive(void)
{
	struct unpacking *u = heap_zalloc(sizeof *u);
	int more, error;

	if (!u) {
		print("file: no memory for the boot archive\n");
		return;
	}
	while ((more = archive_next(&boot, &u->entry)) > 0) {
		error = put_entry(u);
		if (error)
			print("file: boot archive: %s: error %d\n",
			      u->entry.name, -error);
	}
	if (more < 0)
		print("file: boot archive: damaged at byte %lu\n",
		      (unsigned long)boot.at);
	forget(u);
}

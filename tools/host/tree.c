/*
 * A host file or folder, added to a cpio archive.
 *
 * Called by mkcpio for the image and by relay for `-v`.  Folders are read
 * sorted, so that the same tree always gives the same bytes.
 */
#include "cpio.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int tree_add(struct cpio *c, const char *host, const char *name,
		    const struct stat *st);

static int
tree_skip_dots(const struct dirent *d)
{
	return strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0;
}

static int
tree_by_bytes(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int
tree_add_child(struct cpio *c, const char *host, const char *name,
	       const char *child)
{
	char *inner = NULL, *inside = NULL;
	struct stat st;
	int error = 0;

	if (asprintf(&inner, "%s/%s", host, child) < 0 ||
	    asprintf(&inside, "%s%s%s", name, *name == '\0' ? "" : "/", child) <
		    0)
		die("out of memory");
	if (lstat(inner, &st) < 0)
		error = -errno;
	else
		error = tree_add(c, inner, inside, &st);
	free(inner);
	free(inside);
	return error;
}

static int
tree_add_folder(struct cpio *c, const char *host, const char *name)
{
	struct dirent **list;
	int count = scandir(host, &list, tree_skip_dots, tree_by_bytes);
	int i, error = 0;

	if (count < 0)
		return -errno;
	for (i = 0; i < count; i++) {
		if (error == 0)
			error = tree_add_child(c, host, name, list[i]->d_name);
		free(list[i]);
	}
	free(list);
	return error;
}

static int
tree_add_file(struct cpio *c, const char *host, const char *name, unsigned mode)
{
	struct buffer data = {0};
	int error = buffer_load(&data, host);

	if (error == 0)
		cpio_add(c, &(struct cpio_entry){.name = name,
						 .mode = mode,
						 .data = data.data,
						 .size = data.used});
	buffer_free(&data);
	return error;
}

static int
tree_add_link(struct cpio *c, const char *host, const char *name)
{
	char target[4096];
	ssize_t size = readlink(host, target, sizeof target);

	if (size < 0)
		return -errno;
	cpio_add(c, &(struct cpio_entry){.name = name,
					 .mode = S_IFLNK | 0777,
					 .data = target,
					 .size = (size_t)size});
	return 0;
}

static int
tree_add(struct cpio *c, const char *host, const char *name,
	 const struct stat *st)
{
	/* The owner does not travel, so set-id bits would mean another one. */
	unsigned mode = st->st_mode & (S_IFMT | 01777);

	if (S_ISLNK(mode))
		return tree_add_link(c, host, name);
	if (S_ISREG(mode))
		return tree_add_file(c, host, name, mode);
	if (!S_ISDIR(mode))
		return 0;
	if (!cpio_has(c, name))
		cpio_add(c, &(struct cpio_entry){.name = name, .mode = mode});
	return tree_add_folder(c, host, name);
}

int
cpio_add_tree(struct cpio *c, const char *host, const char *name)
{
	struct stat st;

	while (*name == '/')
		name++;
	if (stat(host, &st) < 0)
		return -errno;
	return tree_add(c, host, name, &st);
}

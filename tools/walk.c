/* Trees of files, walked: see walk.h. */
#include "walk.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util.h"

/* The directories above an item: a link may lead back to one of them. */
struct walk_above {
	const struct walk_above *up;
	dev_t dev;
	ino_t ino;
};

static int
walk_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Adds all names; 0, or the errno of a directory that fails half-way. */
static int
walk_read(DIR *dir, char ***names, size_t *count)
{
	size_t room = 0;
	struct dirent *entry;

	for (errno = 0; (entry = readdir(dir)) != NULL; errno = 0) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (*count + 1 >= room) {
			room = room * 2 + 16;
			*names = util_grow(*names, room * sizeof **names);
		}
		(*names)[(*count)++] = util_copy(entry->d_name);
	}
	return errno;
}

char **
walk_names(const char *path)
{
	char **names = util_alloc(sizeof *names);
	size_t count = 0;
	DIR *dir = opendir(path);
	int error = errno;

	if (dir != NULL) {
		error = walk_read(dir, &names, &count);
		closedir(dir);
	}
	names[count] = NULL;
	if (dir == NULL || error != 0) {
		walk_free_names(names);
		errno = error;
		return NULL;
	}
	qsort(names, count, sizeof *names, walk_compare);
	return names;
}

void
walk_free_names(char **names)
{
	size_t i;

	for (i = 0; names[i] != NULL; i++)
		free(names[i]);
	free(names);
}

char *
walk_join(const char *dir, const char *name)
{
	char *path = util_alloc(strlen(dir) + strlen(name) + 2);
	char *end = stpcpy(path, dir);

	if (end > path && end[-1] != '/')
		*end++ = '/';
	strcpy(end, name);
	return path;
}

char *
walk_last(const char *path)
{
	size_t end = strlen(path), start;
	char *name;

	while (end > 1 && path[end - 1] == '/')
		end--;
	for (start = end; start > 0 && path[start - 1] != '/'; start--)
		continue;
	if (start == end && end > 0)
		start--;
	name = util_alloc(end - start + 1);
	memcpy(name, path + start, end - start);
	name[end - start] = '\0';
	return name;
}

bool
walk_is_directory(const char *path)
{
	int before = errno;
	struct stat st;
	bool found = stat(path, &st) == 0 && S_ISDIR(st.st_mode);

	errno = before;
	return found;
}

static int
walk_stat(const struct walk *how, struct walk_item *item)
{
	bool follow = how->follow == WALK_FOLLOW_ALL ||
		      (how->follow == WALK_FOLLOW_FIRST && item->depth == 0);

	if (follow && stat(item->path, &item->st) == 0)
		return 0;
	if (follow)
		item->broken = errno;
	/* A link that leads nowhere is visited as itself. */
	return lstat(item->path, &item->st);
}

static void walk_item(const struct walk *how, const char *path,
		      const char *name, const struct walk_above *above,
		      unsigned depth);

static void
walk_directory(const struct walk *how, const struct walk_item *item,
	       const struct walk_above *above)
{
	struct walk_above here = {above, item->st.st_dev, item->st.st_ino};
	char **names = walk_names(item->path);
	size_t i;

	if (names == NULL && (item->depth == 0 || errno != ENOENT))
		util_fail(item->path);
	for (i = 0; names != NULL && names[i] != NULL; i++) {
		char *path = walk_join(item->path, names[i]);

		walk_item(how, path, names[i], &here, item->depth + 1);
		free(path);
	}
	if (names != NULL)
		walk_free_names(names);
}

static bool
walk_is_above(const struct walk_above *above, const struct stat *st)
{
	while (above != NULL &&
	       (above->dev != st->st_dev || above->ino != st->st_ino))
		above = above->up;
	return above != NULL;
}

static void
walk_item(const struct walk *how, const char *path, const char *name,
	  const struct walk_above *above, unsigned depth)
{
	struct walk_item item = {.path = path, .name = name, .depth = depth};

	if (walk_stat(how, &item) < 0) {
		if (depth == 0 || errno != ENOENT)
			util_fail(path);
		return;
	}
	if (S_ISDIR(item.st.st_mode) && walk_is_above(above, &item.st)) {
		errno = ELOOP;
		util_fail(path);
		return;
	}
	if (!how->visit(&item, how->arg) || !S_ISDIR(item.st.st_mode))
		return;
	walk_directory(how, &item, above);
	if (how->leave != NULL)
		how->leave(&item, how->arg);
}

void
walk(const struct walk *how, const char *path)
{
	walk_item(how, path, path, NULL, 0);
}

/*
 * A whole directory as one sorted vector.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "glue.h"

struct scan {
	struct dirent **list;
	size_t count;
	size_t room;
};

static int
scan_add(struct scan *scan, const struct dirent *entry)
{
	struct dirent *copy;

	if (scan->count == scan->room) {
		size_t room = scan->room ? 2 * scan->room : 32;
		struct dirent **list =
			reallocarray(scan->list, room, sizeof(*list));

		if (!list)
			return -1;
		scan->list = list;
		scan->room = room;
	}
	copy = malloc(entry->d_reclen);
	if (!copy)
		return -1;
	memcpy(copy, entry, entry->d_reclen);
	scan->list[scan->count++] = copy;
	return 0;
}

static void
scan_drop(struct scan *scan)
{
	while (scan->count)
		free(scan->list[--scan->count]);
	free(scan->list);
}

/* Returns 0, or -1 with errno set. */
static int
scan_fill(struct scan *scan, DIR *dir, int (*want)(const struct dirent *))
{
	struct dirent *entry;

	for (errno = 0; (entry = readdir(dir)); errno = 0)
		if ((!want || want(entry)) && scan_add(scan, entry) < 0)
			return -1;
	return errno ? -1 : 0;
}

int
scandir(const char *path, struct dirent ***list,
	int (*want)(const struct dirent *),
	int (*order)(const struct dirent **, const struct dirent **))
{
	struct scan scan = {0};
	DIR *dir = opendir(path);
	int error;

	if (!dir)
		return -1;
	if (scan_fill(&scan, dir, want) < 0) {
		error = errno;
		scan_drop(&scan);
		closedir(dir);
		errno = error;
		return -1;
	}
	closedir(dir);
	if (order && scan.count)
		qsort(scan.list, scan.count, sizeof(*scan.list),
		      (int (*)(const void *, const void *))order);
	*list = scan.list;
	return (int)scan.count;
}

int
alphasort(const struct dirent **a, const struct dirent **b)
{
	return strcoll((*a)->d_name, (*b)->d_name);
}

/*
 * ls [PATH]...: lists directories, a name a line, sorted; of anything else the
 * name alone.
 *
 * For looking at schemes by hand: `ls proc:/` or `ls sys:/`.
 */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

struct ls_names {
	char **names;
	size_t count;
};

static int
ls_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
ls_read(const char *path, struct ls_names *list)
{
	DIR *dir = opendir(path);
	struct dirent *d;

	if (dir == NULL)
		return -1;
	while ((d = readdir(dir)) != NULL) {
		char **more;

		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		more = realloc(list->names, (list->count + 1) * sizeof *more);
		if (more == NULL)
			break;
		list->names = more;
		list->names[list->count] = strdup(d->d_name);
		if (list->names[list->count] == NULL)
			break;
		list->count++;
	}
	closedir(dir);
	return d == NULL ? 0 : -1;
}

static int
ls_show(const char *path)
{
	struct ls_names list = {0};
	struct stat st;
	size_t i;
	int error = stat(path, &st);

	if (error == 0 && !S_ISDIR(st.st_mode)) {
		puts(path);
		return 0;
	}
	if (error == 0)
		error = ls_read(path, &list);
	if (error < 0)
		fprintf(stderr, "ls: %s: %s\n", path, strerror(errno));
	if (list.count > 0)
		qsort(list.names, list.count, sizeof *list.names, ls_compare);
	for (i = 0; i < list.count; i++) {
		puts(list.names[i]);
		free(list.names[i]);
	}
	free(list.names);
	return error < 0;
}

int
main(int argc, char **argv)
{
	int i, bad = argc < 2 ? ls_show(".") : 0;

	for (i = 1; i < argc; i++)
		bad |= ls_show(argv[i]);
	return bad;
}

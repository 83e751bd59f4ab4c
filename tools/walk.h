/*
 * Trees of files, walked for rm, cp, chmod, chown, du and find.
 *
 * A directory is read whole before its entries are visited, in the order of
 * their names, so it may change meanwhile and no descriptor stays open.  What
 * vanishes below the first path, as processes do in proc:, is passed over;
 * other errors are said (util_fail), and the rest is visited.
 */
#pragma once

#include <stdbool.h>
#include <sys/stat.h>

enum walk_follow {
	WALK_FOLLOW_NONE,
	WALK_FOLLOW_FIRST, /* the path that was asked for, if it is a link */
	WALK_FOLLOW_ALL,
};

/* What is visited; all of it lasts until the visit returns. */
struct walk_item {
	const char *path; /* as asked for, and the way below it */
	const char *name; /* the last part of path, below the first */
	struct stat st;
	unsigned depth; /* 0: what was asked for */
	int broken; /* errno of a link that was to be followed; st is its own */
};

struct walk {
	enum walk_follow follow;
	/* Each file; of a directory, true to go in. */
	bool (*visit)(const struct walk_item *item, void *arg);
	/* A directory whose entries have been visited; may be NULL. */
	void (*leave)(const struct walk_item *item, void *arg);
	void *arg;
};

void walk(const struct walk *how, const char *path);

/* A directory's names but for . and .., sorted; ends with NULL.  NULL with
 * errno: it cannot be read. */
char **walk_names(const char *path);
void walk_free_names(char **names);

/* DIR/NAME, from the heap. */
char *walk_join(const char *dir, const char *name);

/* The last part of a path, slashes at its end taken away, / of slashes alone;
 * from the heap. */
char *walk_last(const char *path);

/* Is there a directory at the path, or at the end of its links?  Leaves errno
 * as it is. */
bool walk_is_directory(const char *path);

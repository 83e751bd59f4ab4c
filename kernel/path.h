/*
 * Paths: `scheme:path`; a plain `/path` is `file:/path`; anything else is
 * relative to the current directory or to a directory's descriptor.  A scheme's
 * name is [a-z][a-z0-9]* before the first ':' with no '/' before it.
 */
#pragma once

#include "abi/fcntl.h"
#include "scheme.h"

/*
 * A path of the user taken apart.  at: a directory's descriptor, or KAT_FDCWD.
 * After path_find, `ops` and `place` are ready for an operation; path_end lets
 * everything go.  -ENOENT (empty, no such scheme in the namespace),
 * -ENAMETOOLONG, -EBADF, -ENOTDIR, -EFAULT.
 */
#define PATH_NEAR 128 /* bytes: most paths are shorter, and need no heap */
struct path {
	struct thread *self;
	const struct scheme_ops *ops;
	struct place place;
	char *text; /* what place.path points into: near, or heap */
	char near[PATH_NEAR];
};
int path_find(struct thread *self, int at, uint64_t user_path,
	      struct path *path);
int path_find_text(struct thread *self, int at, const char *text,
		   struct path *path); /* the kernel's own text */
/* After an operation gave -EREDIRECT: continue from there.  -ELOOP after 40. */
int path_redirect(struct path *path);
void path_end(struct path *path);

/* Repeats an operation on path->place for as long as it is redirected: its
 * result. */
#define PATH_TRY(path, operation)                                              \
	__extension__({                                                        \
		int64_t path_result;                                           \
		do                                                             \
			path_result = (operation);                             \
		while (path_result == -EREDIRECT &&                            \
		       (path_result = path_redirect(path)) == 0);              \
		path_result;                                                   \
	})

/* Length of the scheme's name that text begins with, its ':' not counted; 0:
 * none. */
size_t path_scheme(const char *text);

/* A flag for path_open and a scheme's open, the kernel's only: permission to
 * execute (a regular file) or to search (with KO_DIRECTORY) is asked instead of
 * that to read. */
#define PATH_EXEC 0x40000000u

/* Opens; the result has one reference and no descriptor.  mode: umask is not
 * yet applied. */
int path_open(struct thread *self, int at, const char *text, unsigned flags,
	      unsigned mode, struct file **file);
/* The same of a path that was found; path_end remains the caller's. */
int path_open_found(struct path *path, unsigned flags, unsigned mode,
		    struct file **file);

/* The whole path of an open file as the user writes it (`/bin/ls`, `proc:/7`):
 * its length, or an error: -ENOENT it has no name any more, -ENAMETOOLONG. */
int64_t path_text(struct file *file, char *buf, size_t size);

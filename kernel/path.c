/*
 * Paths taken apart: which scheme, and what is left for it.
 *
 * sysfile*.c, exec.c and whoever opens by name come through here.  The rule: a
 * symbolic link that leaves its scheme comes back as -EREDIRECT with a whole
 * new path, and PATH_TRY asks again; a scheme never calls another.  Every path
 * that was taken apart is asked for its scheme in one place, parse: one that is
 * not in the caller's namespace is not there, however the path led to it.
 */
#include "path.h"

#include "abi/errno.h"
#include "file.h"
#include "heap.h"
#include "namespace.h"
#include "process.h"
#include "text.h"
#include "usercopy.h"

/* 0, or -ENAMETOOLONG: the path or one of its components. */
static int
check_lengths(const char *text)
{
	size_t component = 0, n;

	for (n = 0; text[n]; n++) {
		component = text[n] == '/' ? 0 : component + 1;
		if (component > KNAME_MAX)
			return -ENAMETOOLONG;
	}
	return n < KPATH_MAX ? 0 : -ENAMETOOLONG;
}

static int
start_at_root(struct path *path, const char *scheme, size_t length,
	      const char *rest)
{
	path->ops = scheme_find(scheme, length);
	if (!path->ops)
		return -ENOENT;
	while (*rest == '/')
		rest++;
	path->place.path = rest;
	return 0;
}

static struct file *
current_directory(struct thread *self)
{
	struct process *process = self ? self->process : NULL;
	struct file *cwd;

	if (!process)
		return NULL;
	spin_lock(&process->lock);
	cwd = process->cwd;
	if (cwd)
		file_get(cwd);
	spin_unlock(&process->lock);
	return cwd;
}

static int
start_at_directory(struct path *path, int at)
{
	struct file *start;

	if (at == KAT_FDCWD) {
		start = current_directory(path->self);
		if (!start)
			return start_at_root(path, "file", 4, path->text);
	} else {
		start = path->self ? fd_get(path->self, at) : NULL;
		if (!start)
			return -EBADF;
	}
	path->place.start = start;
	path->place.path = path->text;
	path->ops = start->ops;
	return (start->mode & KS_IFMT) == KS_IFDIR ? 0 : -ENOTDIR;
}

/* Fills ops and place from text; what it took is let go by path_end. */
static int
parse(struct path *path, int at)
{
	const char *text = path->text;
	size_t scheme = path_scheme(text);
	int error = check_lengths(text);

	if (error)
		return error;
	if (!*text)
		return -ENOENT;
	if (*text == '/')
		error = start_at_root(path, "file", 4, text);
	else if (scheme)
		error = start_at_root(path, text, scheme, text + scheme + 1);
	else
		error = start_at_directory(path, at);
	path->place.ops = path->ops;
	if (!error && !namespace_has(path->self, path->ops))
		error = -ENOENT;
	return error;
}

static void
begin(struct thread *self, struct path *path)
{
	path->self = self;
	path->ops = NULL;
	path->place = (struct place){0};
	path->text = path->near;
	if (!self || !self->process)
		return;
	path->place.thread = self;
	spin_lock(&self->process->lock);
	path->place.cred = self->process->cred;
	spin_unlock(&self->process->lock);
}

static int
begun(struct path *path, int at, int64_t error)
{
	if (error >= 0)
		error = parse(path, at);
	if (error < 0)
		path_end(path);
	return (int)error;
}

/* Room for a path of any length: -ENOMEM. */
static int
make_room(struct path *path)
{
	char *text = heap_alloc(KPATH_MAX);

	if (!text)
		return -ENOMEM;
	path->text = text;
	return 0;
}

int
path_find(struct thread *self, int at, uint64_t user_path, struct path *path)
{
	int64_t error;

	begin(self, path);
	error = copy_text_from_user(path->text, user_path, PATH_NEAR,
				    -ENAMETOOLONG);
	if (error == -ENAMETOOLONG) {
		error = make_room(path);
		if (!error)
			error = copy_text_from_user(path->text, user_path,
						    KPATH_MAX, -ENAMETOOLONG);
	}
	return begun(path, at, error);
}

int
path_find_text(struct thread *self, int at, const char *text, struct path *path)
{
	int error = 0;

	begin(self, path);
	if (strlen(text) >= PATH_NEAR)
		error = make_room(path);
	if (!error && text_copy(path->text, text, KPATH_MAX) >= KPATH_MAX)
		error = -ENAMETOOLONG;
	return begun(path, at, error);
}

/* Lets go of what a path holds, but what it is redirected to. */
static void
leave(struct path *path)
{
	if (path->place.start)
		file_put(path->place.start);
	path->place.start = NULL;
	if (path->text != path->near)
		heap_free(path->text);
	path->text = path->near;
}

int
path_redirect(struct path *path)
{
	leave(path);
	path->text = path->place.redirect;
	path->place.redirect = NULL;
	if (++path->place.links > PLACE_LINKS_MAX)
		return -ELOOP;
	return parse(path, KAT_FDCWD);
}

void
path_end(struct path *path)
{
	leave(path);
	heap_free(path->place.redirect);
	path->place.redirect = NULL;
}

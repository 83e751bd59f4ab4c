/*
 * Opening by path: a new open file, asked of the scheme that the path leads to.
 *
 * Called by open, chdir, exec and init's first files.  The rule: flags that
 * only creation knows are not kept; what no scheme may allow is refused here.
 */
#include "path.h"

#include "abi/errno.h"
#include "file.h"
#include "process.h"

#define KEPT_FLAGS                                                             \
	(KO_ACCMODE | KO_APPEND | KO_NONBLOCK | KO_DIRECTORY | KO_NOFOLLOW)

/* What every scheme would have to refuse. */
static int
check_opened(const struct file *file, unsigned flags)
{
	bool directory = (file->mode & KS_IFMT) == KS_IFDIR;

	if ((flags & KO_DIRECTORY) && !directory)
		return -ENOTDIR;
	if (directory && (flags & KO_ACCMODE) != KO_RDONLY)
		return -EISDIR;
	return 0;
}

static int64_t
open_file(struct path *path, unsigned flags, unsigned mode, struct file *file)
{
	int64_t error;

	error = PATH_TRY(path,
			 (file->ops = path->ops,
			  path->ops->open(&path->place, flags, mode, file)));
	if (error < 0) {
		file_discard(file);
		return error;
	}
	error = check_opened(file, flags);
	if (error)
		file_put(file);
	return error;
}

int
path_open_found(struct path *path, unsigned flags, unsigned mode,
		struct file **file)
{
	struct process *process = path->self ? path->self->process : NULL;
	int64_t error;

	*file = file_create(path->ops, flags & KEPT_FLAGS);
	if (!*file)
		return -ENOMEM;
	mode &= 07777;
	if (process)
		mode &= ~process->umask;
	error = open_file(path, flags, mode, *file);
	if (error)
		*file = NULL;
	return (int)error;
}

int
path_open(struct thread *self, int at, const char *text, unsigned flags,
	  unsigned mode, struct file **file)
{
	struct path path;
	int64_t error = path_find_text(self, at, text, &path);

	if (error)
		return (int)error;
	error = path_open_found(&path, flags, mode, file);
	path_end(&path);
	return (int)error;
}

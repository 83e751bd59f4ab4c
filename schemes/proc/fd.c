/*
 * proc:/<pid>/fd/N and cwd: the files that a process has, `key value` a
 * line.  Paths are %-escaped: no name of a file makes a line of its own.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "fd_table.h"
#include "heap.h"
#include "path.h"
#include "text.h"

/* Its path, or `-` if it has none any more. */
static int
put_path(struct text_buffer *buffer, struct file *file)
{
	char *path = heap_alloc(KPATH_MAX);
	int64_t length;

	if (!path)
		return -ENOMEM;
	length = path_text(file, path, KPATH_MAX);
	if (length > 0)
		text_word(buffer, path);
	else
		text_printf(buffer, "-");
	text_printf(buffer, "\n");
	heap_free(path);
	return 0;
}

static const char *
type_name(uint32_t mode)
{
	switch (mode & KS_IFMT) {
	case KS_IFREG:
		return "file";
	case KS_IFDIR:
		return "directory";
	case KS_IFCHR:
		return "character";
	case KS_IFIFO:
		return "pipe";
	default:
		return "other";
	}
}

static int
make_fd(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	bool cloexec;
	struct file *file = fd_table_get(handle->spot.process->files,
					 handle->spot.number, &cloexec);
	int error;

	if (!file)
		return -ENOENT;
	text_printf(buffer, "mode ");
	text_open_mode(buffer, atomic_load(&file->flags), cloexec, ' ');
	text_printf(buffer, "\ntype %s\noffset %lu\npath ",
		    type_name(file->mode),
		    file_seeks(file)
			    ? __atomic_load_n(&file->offset, __ATOMIC_RELAXED)
			    : 0);
	error = put_path(buffer, file);
	file_put(file);
	return error;
}

const struct proc_row fd_row = {
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.in = IN_FD,
	.make = make_fd,
};

static struct file *
directory_of(struct process *process)
{
	struct file *file;

	spin_lock(&process->lock);
	file = process->cwd;
	if (file)
		file_get(file);
	spin_unlock(&process->lock);
	return file;
}

static int
make_cwd(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct file *file = directory_of(handle->spot.process);
	int error;

	if (!file)
		return -ESRCH;
	error = put_path(buffer, file);
	file_put(file);
	return error;
}

const struct proc_row cwd_row = {
	.name = "cwd",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_cwd,
};

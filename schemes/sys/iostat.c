/*
 * sys:/iostat: what each process has open: one line a descriptor, fields split
 * by tabs: pid, descriptor, mode, offset, path.
 *
 * Called by sys.c when it is read.  The rule: what is gathered under a right
 * that was revoked meanwhile is dropped.  The grant says so: the process may
 * have started another program, with files that are not the asker's to see.
 */
#include "abi/errno.h"
#include "file.h"
#include "heap.h"
#include "path.h"
#include "process.h"
#include "sys.h"

struct iostat {
	const struct asker *asker;
	char *path; /* KPATH_MAX */
};

/* Of one process. */
struct listing {
	struct text_buffer *text;
	uint32_t pid;
	char *path;
};

static void
put_file(int fd, struct file *file, bool cloexec, void *arg)
{
	const struct listing *listing = arg;
	struct text_buffer *text = listing->text;

	text_printf(text, "%u\t%d\t", listing->pid, fd);
	text_open_mode(text, atomic_load(&file->flags), cloexec, ',');
	if (file_seeks(file))
		text_printf(text, "\t%lu\t",
			    __atomic_load_n(&file->offset, __ATOMIC_RELAXED));
	else
		text_printf(text, "\t-\t");
	if (path_text(file, listing->path, KPATH_MAX) > 0)
		text_word(text, listing->path);
	else
		text_append(text, "-", 1);
	text_append(text, "\n", 1);
}

static void
process_lines(struct text_buffer *text, struct process *process,
	      const void *arg)
{
	const struct iostat *iostat = arg;
	struct listing listing = {text, process->pid, iostat->path};
	size_t before = text->used;
	struct grant grant;

	if (grant_open(&grant, iostat->asker, process, RIGHT_OBSERVE,
		       RIGHT_PUBLIC))
		return;
	fd_table_for_each(process->files, put_file, &listing);
	grant_close(&grant);
	if (grant_revoked(&grant))
		text->used = before;
}

void
iostat_text(struct text_buffer *text, const struct asker *asker)
{
	struct iostat iostat = {asker, heap_alloc(KPATH_MAX)};

	if (!iostat.path) {
		text->error = -ENOMEM;
		return;
	}
	sys_each_process(text, process_lines, &iostat);
	heap_free(iostat.path);
}

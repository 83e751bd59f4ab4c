/*
 * Paths of proc:, and the table of what is there.  Called by proc.c and dir.c.
 *
 *	proc:/			self, the rows of the root, a directory for each
 *pid proc:/<pid>/		its rows, fd/, thread/ proc:/<pid>/fd/N	a
 *descriptor proc:/<pid>/thread/TID/	rows of one thread
 *
 * A path is looked up once: what is found keeps the process and the thread
 * themselves, so that nothing ever reaches another one that got the same
 * number.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "fd_table.h"
#include "print.h"
#include "text.h"

const struct proc_row proc_root_row = {
	.name = "",
	.mode = KS_IFDIR | 0555,
	.reads = RIGHT_PUBLIC,
	.in = IN_ROOT,
	.opens = IN_ROOT,
};

const struct proc_row proc_process_row = {
	.mode = KS_IFDIR | 0555,
	.reads = RIGHT_PUBLIC,
	.in = IN_ROOT,
	.opens = IN_PROCESS,
};

const struct proc_row fd_dir_row = {
	.name = "fd",
	.mode = KS_IFDIR | 0500,
	.reads = RIGHT_OBSERVE,
	.in = IN_PROCESS,
	.opens = IN_FD,
};

const struct proc_row thread_dir_row = {
	.name = "thread",
	.mode = KS_IFDIR | 0555,
	.reads = RIGHT_PUBLIC,
	.in = IN_PROCESS,
	.opens = IN_THREADS,
};

const struct proc_row thread_row = {
	.mode = KS_IFDIR | 0555,
	.reads = RIGHT_PUBLIC,
	.in = IN_THREADS,
	.opens = IN_THREAD,
};

void
spot_end(struct spot *spot)
{
	if (spot->thread)
		thread_put(spot->thread);
	if (spot->process)
		process_put(spot->process);
	*spot = (struct spot){.row = &proc_root_row};
}

static void
spot_copy(struct spot *to, const struct spot *from)
{
	*to = *from;
	if (to->process)
		process_get(to->process);
	if (to->thread)
		thread_get(to->thread);
}

/* A decimal number without leading zeros; false: it is none. */
static bool
name_number(const char *name, size_t length, uint32_t *number)
{
	uint64_t value = 0;

	if (!length || length > 9 || (name[0] == '0' && length > 1))
		return false;
	for (size_t i = 0; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(name[i] - '0');
	}
	*number = (uint32_t)value;
	return true;
}

static const struct proc_row *
row_by_name(enum proc_dir in, const char *name, size_t length)
{
	for (unsigned i = 0; i < proc_row_count; i++)
		if (row_lies_in(proc_rows[i], in) &&
		    strlen(proc_rows[i]->name) == length &&
		    memcmp(proc_rows[i]->name, name, length) == 0)
			return proc_rows[i];
	return NULL;
}

/* ---- what a number opens: 0 or -ENOENT ---- */

static int
open_pid(struct spot *spot, uint32_t number)
{
	spot->process = number ? process_find(number) : NULL;
	if (!spot->process)
		return -ENOENT;
	spot->row = &proc_process_row;
	return 0;
}

static int
open_fd(struct spot *spot, uint32_t number)
{
	bool cloexec;
	struct file *file =
		fd_table_get(spot->process->files, number, &cloexec);

	if (!file)
		return -ENOENT;
	file_put(file);
	spot->row = &fd_row;
	spot->number = number;
	return 0;
}

static int
open_tid(struct spot *spot, uint32_t number)
{
	spot->thread = number ? process_thread(spot->process, number) : NULL;
	if (!spot->thread)
		return -ENOENT;
	spot->row = &thread_row;
	return 0;
}

static int
step_number(struct spot *spot, uint32_t number)
{
	switch (spot->row->opens) {
	case IN_ROOT:
		return open_pid(spot, number);
	case IN_FD:
		return open_fd(spot, number);
	case IN_THREADS:
		return open_tid(spot, number);
	default:
		return -ENOENT;
	}
}

/* ---- paths ---- */

struct spot
spot_above(const struct spot *spot)
{
	struct spot above = {.row = &proc_root_row};

	switch (spot->row->opens) {
	case IN_FD:
	case IN_THREADS:
		above.row = &proc_process_row;
		above.process = spot->process;
		break;
	case IN_THREAD:
		above.row = &thread_dir_row;
		above.process = spot->process;
		break;
	default:
		break;
	}
	return above;
}

static void
step_up(struct spot *spot)
{
	struct spot above = spot_above(spot);

	if (above.process)
		process_get(above.process);
	spot_end(spot);
	*spot = above;
}

static int
step_self(struct thread *asker, struct spot *spot)
{
	if (!asker)
		return -ENOENT;
	process_get(asker->process);
	spot->process = asker->process;
	spot->row = &proc_process_row;
	return 0;
}

/* May the directory be searched?  The kernel may all. */
static int
may_search(struct thread *asker, const struct spot *spot)
{
	struct asker as;

	if (!asker || !spot->process || spot->row->reads == RIGHT_PUBLIC)
		return 0;
	as = rights_asker(asker);
	return rights_ask(&as, spot->process, spot->row->reads);
}

/* One component further. */
static int
step(struct thread *asker, struct spot *spot, const char *name, size_t length)
{
	const struct proc_row *row;
	uint32_t number;
	int error;

	if (!spot_is_directory(spot))
		return -ENOTDIR;
	error = may_search(asker, spot);
	if (error || (length == 1 && name[0] == '.'))
		return error;
	if (length == 2 && name[0] == '.' && name[1] == '.') {
		step_up(spot);
		return 0;
	}
	if (spot->row->opens == IN_ROOT && length == 4 &&
	    memcmp(name, "self", 4) == 0)
		return step_self(asker, spot);
	row = row_by_name(spot->row->opens, name, length);
	if (row) {
		spot->row = row;
		return 0;
	}
	return name_number(name, length, &number) ? step_number(spot, number)
						  : -ENOENT;
}

int
spot_find(const struct place *at, struct spot *spot)
{
	const char *path = at->path;
	int error = 0;

	*spot = (struct spot){.row = &proc_root_row};
	if (at->start)
		spot_copy(spot, &handle_of(at->start)->spot);
	while (*path && !error) {
		const char *slash = strchr(path, '/');
		size_t length = slash ? (size_t)(slash - path) : strlen(path);

		if (length)
			error = step(at->thread, spot, path, length);
		if (slash && !error && !spot_is_directory(spot))
			error = -ENOTDIR;
		path += length + (slash ? 1 : 0);
	}
	if (error)
		spot_end(spot);
	return error;
}

/* Of the root there is nobody to ask about: what is not everybody's is
 * nobody's. */
static int
ask_right(const struct asker *asker, const struct spot *spot, enum right right)
{
	if (spot->process)
		return rights_ask(asker, spot->process, right);
	return right == RIGHT_PUBLIC ? 0 : -EACCES;
}

int
spot_ask(const struct asker *asker, const struct spot *spot, unsigned flags)
{
	unsigned access = flags & KO_ACCMODE;
	int error = 0;

	if (spot_is_reaped(spot))
		return -ESRCH;
	if (access != KO_WRONLY)
		error = ask_right(asker, spot, spot->row->reads);
	if (!error && access != KO_RDONLY)
		error = ask_right(asker, spot, spot->row->writes);
	return error;
}

/* ---- what it is called ---- */

static unsigned
row_number(const struct proc_row *row)
{
	unsigned i = 0;

	while (i < proc_row_count && proc_rows[i] != row)
		i++;
	return i;
}

/* pid, which row or directory, and which of them. */
uint64_t
spot_inode(const struct spot *spot)
{
	uint64_t row =
		spot->row->name ? row_number(spot->row) : 128u + spot->row->in;
	uint64_t number = spot->thread ? spot->thread->tid : spot->number;

	return (spot->process ? (uint64_t)spot->process->pid << 40 : 0) |
	       (row + 2) << 32 | number;
}

int64_t
spot_path(const struct spot *spot, char *buf, size_t size)
{
	const char *name = spot->row->name;

	if (!spot->process)
		return (int64_t)format_text(buf, size, "%s", name);
	if (spot->thread)
		return (int64_t)format_text(
			buf, size, "%u/thread/%u%s%s", spot->process->pid,
			spot->thread->tid, name ? "/" : "", name ? name : "");
	if (spot->row->in == IN_FD)
		return (int64_t)format_text(buf, size, "%u/fd/%u",
					    spot->process->pid, spot->number);
	return (int64_t)format_text(buf, size, "%u%s%s", spot->process->pid,
				    name ? "/" : "", name ? name : "");
}

/*
 * proc: - the directory of processes, and the table of what each has.  Called
 * through proc_scheme.
 *
 *	proc:/		self new, and a directory for each pid
 *	proc:/<pid>/	the rows below
 *
 * A path is looked up once: whatever is opened afterwards keeps the process
 * itself, so that no handle ever reaches another one that got the same number.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "print.h"
#include "text.h"

static const struct proc_row *const rows[] = {
	&trace_row,	 &trace_bin_row, &ctl_row,  &regs_row,
	&regs_bin_row,	 &mem_row,	 &maps_row, &status_row,
	&status_bin_row, &args_row,	 &new_row,  &new_bin_row,
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* Where a path leads: the root, a process's directory, or a file. */
struct found {
	struct process *process; /* referenced; NULL: the root */
	const struct proc_row *row;
};

static void
found_end(struct found *found)
{
	if (found->process)
		process_put(found->process);
	found->process = NULL;
}

static struct process *
process_by_name(struct thread *asker, const char *name, size_t length)
{
	uint64_t pid = 0;

	if (length == 4 && memcmp(name, "self", 4) == 0 && asker) {
		process_get(asker->process);
		return asker->process;
	}
	if (length == 0 || length > 9 || name[0] == '0')
		return NULL;
	for (size_t i = 0; i < length; i++) {
		if (name[i] < '0' || name[i] > '9')
			return NULL;
		pid = pid * 10 + (uint64_t)(name[i] - '0');
	}
	return process_find((uint32_t)pid);
}

static const struct proc_row *
row_by_name(bool on_root, const char *name, size_t length)
{
	for (size_t i = 0; i < ROWS; i++)
		if (rows[i]->on_root == on_root &&
		    strlen(rows[i]->name) == length &&
		    memcmp(rows[i]->name, name, length) == 0)
			return rows[i];
	return NULL;
}

/* One component further. */
static int
step(struct thread *asker, struct found *found, const char *name, size_t length)
{
	if (found->row)
		return -ENOTDIR;
	if (length == 1 && name[0] == '.')
		return 0;
	if (length == 2 && name[0] == '.' && name[1] == '.') {
		found_end(found);
		return 0;
	}
	found->row = row_by_name(!found->process, name, length);
	if (found->row)
		return 0;
	if (found->process)
		return -ENOENT;
	found->process = process_by_name(asker, name, length);
	return found->process ? 0 : -ENOENT;
}

static int
look_up(struct place *at, struct found *found)
{
	const char *path = at->path;
	int error = 0;

	*found = (struct found){NULL, NULL};
	if (at->start) {
		const struct handle *start = at->start->data;

		found->process = start->process;
		found->row = start->row;
		if (found->process)
			process_get(found->process);
	}
	while (*path && !error) {
		const char *slash = strchr(path, '/');
		size_t length = slash ? (size_t)(slash - path) : strlen(path);

		if (length)
			error = step(at->thread, found, path, length);
		if (slash && !error && found->row)
			error = -ENOTDIR;
		path += length + (slash ? 1 : 0);
	}
	if (error)
		found_end(found);
	return error;
}

/* ---- open ---- */

/* Of the root there is nobody to ask about: what is not everybody's is
 * nobody's. */
static int
ask_right(struct thread *asker, const struct found *found, enum right right)
{
	if (found->process)
		return rights_ask(asker, found->process, right);
	return right == RIGHT_PUBLIC ? 0 : -EACCES;
}

static int
ask(struct thread *asker, const struct found *found, unsigned flags)
{
	unsigned access = flags & KO_ACCMODE;
	const struct proc_row *row = found->row;
	int error = 0;

	if (found->process &&
	    atomic_load(&found->process->state) == PROCESS_REAPED)
		return -ESRCH;
	if (access != KO_WRONLY)
		error = ask_right(asker, found, row->reads);
	if (!error && access != KO_RDONLY)
		error = ask_right(asker, found, row->writes);
	return error;
}

static int
open_check(struct thread *asker, const struct found *found, unsigned flags)
{
	if (found->row)
		return flags & KO_DIRECTORY ? -ENOTDIR
					    : ask(asker, found, flags);
	return (flags & KO_ACCMODE) == KO_RDONLY ? 0 : -EISDIR;
}

static struct handle *
handle_create(const struct thread *asker, const struct found *found)
{
	struct handle *handle = heap_zalloc(sizeof(*handle));

	if (!handle)
		return NULL;
	handle->row = found->row;
	handle->process = found->process;
	handle->own = found->process == asker->process;
	text_file_init(&handle->text);
	return handle;
}

static int
proc_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	struct found found;
	struct handle *handle = NULL;
	int error = look_up(at, &found);

	(void)mode;
	if (error)
		return error;
	error = open_check(at->thread, &found, flags);
	if (!error) {
		handle = handle_create(at->thread, &found);
		error = handle ? 0 : -ENOMEM;
	}
	if (!error && found.row && found.row->open)
		error = found.row->open(handle, at->thread, flags);
	if (error) {
		heap_free(handle);
		found_end(&found);
		return error;
	}
	file->mode = found.row ? found.row->mode & KS_IFMT : KS_IFDIR;
	file->data = handle;
	return 0;
}

static void
proc_close(struct file *file)
{
	struct handle *handle = handle_of(file);

	if (handle->row && handle->row->close)
		handle->row->close(handle);
}

static void
proc_free(struct file *file)
{
	struct handle *handle = handle_of(file);

	if (!handle)
		return;
	if (handle->row && handle->row->free)
		handle->row->free(handle);
	text_file_free(&handle->text);
	if (handle->process)
		process_put(handle->process);
	heap_free(handle);
}

/* ---- what is open ---- */

static int64_t
proc_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	struct handle *handle = handle_of(file);

	if (!handle->row)
		return -EISDIR;
	if (handle->row->read)
		return handle->row->read(self, file, uio, offset);
	if (!handle->row->make)
		return -EINVAL;
	return text_file_read(&handle->text, uio, offset, handle->row->make,
			      handle);
}

static int64_t
proc_write(struct thread *self, struct file *file, struct uio *uio,
	   uint64_t *offset)
{
	struct handle *handle = handle_of(file);

	if (!handle->row || !handle->row->write)
		return -EINVAL;
	return handle->row->write(self, handle, uio, offset);
}

static unsigned
proc_poll(struct file *file, struct poll_table *table)
{
	struct handle *handle = handle_of(file);

	if (handle->row && handle->row->poll)
		return handle->row->poll(handle, table);
	return KPOLLIN | KPOLLOUT;
}

static void
fill_stat(const struct process *process, const struct proc_row *row,
	  struct abi_stat *stat)
{
	memset(stat, 0, sizeof(*stat));
	stat->st_nlink = row ? 1 : 2;
	stat->st_blksize = 4096;
	stat->st_ino = 2;
	stat->st_mode = row ? row->mode : KS_IFDIR | 0555;
	if (row)
		stat->st_ino++;
	for (size_t i = 0; row && rows[i] != row; i++)
		stat->st_ino++;
	if (process) {
		struct cred cred =
			process_cred((struct process *)(uintptr_t)process);

		stat->st_ino += (uint64_t)process->pid << 8;
		stat->st_uid = cred.euid;
		stat->st_gid = cred.egid;
	}
}

static int
proc_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	struct found found;
	int error = look_up(at, &found);

	(void)follow;
	if (error)
		return error;
	fill_stat(found.process, found.row, stat);
	found_end(&found);
	return 0;
}

static int
proc_fstat(struct file *file, struct abi_stat *stat)
{
	const struct handle *handle = handle_of(file);

	fill_stat(handle->process, handle->row, stat);
	return 0;
}

/* May it be opened so?  Decided by the function that decides at open. */
static int
proc_access(struct place *at, int mode)
{
	struct found found;
	int error = look_up(at, &found);

	if (error)
		return error;
	if (found.row) {
		if (mode & KX_OK)
			error = -EACCES;
		if (!error && (mode & KR_OK))
			error = ask(at->thread, &found, KO_RDONLY);
		if (!error && (mode & KW_OK))
			error = ask(at->thread, &found, KO_WRONLY);
	} else if (mode & KW_OK) {
		error = -EACCES;
	}
	found_end(&found);
	return error;
}

static int64_t
proc_path_of(struct file *file, char *buf, size_t size)
{
	const struct handle *handle = handle_of(file);
	const char *row = handle->row ? handle->row->name : "";

	if (!handle->process)
		return (int64_t)format_text(buf, size, "%s", row);
	return (int64_t)format_text(buf, size, "%u%s%s", handle->process->pid,
				    handle->row ? "/" : "", row);
}

/* ---- directories ---- */

static int
put_entry(struct uio *uio, const char *name, uint64_t ino, uint8_t type,
	  uint64_t next)
{
	char buf[64] = {0};
	struct abi_dirent *entry = (struct abi_dirent *)(void *)buf;
	size_t header = offsetof(struct abi_dirent, d_name);
	size_t size = (header + strlen(name) + 1 + 7) & ~(size_t)7;

	if (uio->left < size)
		return -EINVAL;
	entry->d_ino = ino;
	entry->d_off = (int64_t)next;
	entry->d_reclen = (uint16_t)size;
	entry->d_type = type;
	text_copy(entry->d_name, name, sizeof(buf) - header);
	return uio_put(uio, buf, size);
}

static uint8_t
row_type(const struct proc_row *row)
{
	return (row->mode & KS_IFMT) == KS_IFCHR ? KDT_CHR : KDT_REG;
}

/*
 * Entry number `at` of a directory: its name and type; *next is the number to
 * go on from.  0, or -ENOENT past the end.  The root numbers
 * `.` and `..` 0 and 1, `self` 2, its rows from 3 on, and pid p 64 + p.
 */
static int
entry_fixed(bool root, uint64_t at, char name[32], uint8_t *type,
	    uint64_t *next)
{
	*next = at + 1;
	*type = KDT_DIR;
	if (at < 2) {
		text_copy(name, at ? ".." : ".", 32);
		return 0;
	}
	if (at == 2) {
		text_copy(name, "self", 32);
		return root ? 0 : -EAGAIN;
	}
	if (at - 3 >= ROWS)
		return -ENOENT;
	text_copy(name, rows[at - 3]->name, 32);
	*type = row_type(rows[at - 3]);
	return rows[at - 3]->on_root == root ? 0 : -EAGAIN;
}

static int
entry_pid(uint64_t at, char name[32], uint8_t *type, uint64_t *next)
{
	struct process *process =
		process_next(at > 64 ? (uint32_t)(at - 64) - 1 : 0);

	if (!process)
		return -ENOENT;
	format_text(name, 32, "%u", process->pid);
	*type = KDT_DIR;
	*next = 64 + (uint64_t)process->pid + 1;
	process_put(process);
	return 0;
}

static int
entry_at(bool root, uint64_t at, char name[32], uint8_t *type, uint64_t *next)
{
	int error = -ENOENT;

	if (at < 64)
		error = entry_fixed(root, at, name, type, next);
	if (error == -ENOENT && root)
		error = entry_pid(at, name, type, next);
	return error;
}

static int64_t
proc_getdents(struct file *file, struct uio *uio, uint64_t *offset)
{
	const struct handle *handle = handle_of(file);
	size_t before = uio->left;

	for (;;) {
		char name[32];
		uint8_t type;
		uint64_t next;
		int error =
			entry_at(!handle->process, *offset, name, &type, &next);

		if (error == -ENOENT)
			break;
		if (!error)
			error = put_entry(uio, name, *offset + 1, type, next);
		else
			error = 0;
		if (error)
			return before != uio->left
				       ? (int64_t)(before - uio->left)
				       : error;
		*offset = next;
	}
	return (int64_t)(before - uio->left);
}

const struct scheme_ops proc_scheme = {
	.name = "proc",
	.open = proc_open,
	.stat = proc_stat,
	.access = proc_access,
	.read = proc_read,
	.write = proc_write,
	.getdents = proc_getdents,
	.fstat = proc_fstat,
	.poll = proc_poll,
	.path_of = proc_path_of,
	.close = proc_close,
	.free = proc_free,
};

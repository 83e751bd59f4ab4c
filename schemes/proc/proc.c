/*
 * proc: - the scheme's operations.  Called through proc_scheme.
 *
 * Who may open what is asked at the open, and the open file is the right from
 * then on, until its process starts a program to which its opener has no right:
 * then the grant is revoked, and every operation gives EACCES.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "text.h"

/* ---- open ---- */

static int
open_check(const struct spot *spot, unsigned flags)
{
	if (spot_is_directory(spot))
		return (flags & KO_ACCMODE) == KO_RDONLY ? 0 : -EISDIR;
	return flags & KO_DIRECTORY ? -ENOTDIR : 0;
}

static int
handle_grant(struct handle *handle, struct thread *self, unsigned flags)
{
	unsigned access = flags & KO_ACCMODE;
	const struct spot *spot = &handle->spot;
	struct asker asker = rights_asker(self);

	/* a session is asked for as a target, too, and has no grant */
	if (!spot->process || spot->row->close)
		return spot_ask(&asker, spot, flags);
	if (spot_is_reaped(spot))
		return -ESRCH;
	return grant_open(&handle->grant, &asker, spot->process,
			  access == KO_WRONLY ? RIGHT_PUBLIC : spot->row->reads,
			  access == KO_RDONLY ? RIGHT_PUBLIC
					      : spot->row->writes);
}

static int
handle_open(struct handle *handle, struct thread *self, unsigned flags)
{
	const struct proc_row *row = handle->spot.row;
	int error = handle_grant(handle, self, flags);

	if (error || !row->open)
		return error;
	error = row->open(handle, self, flags);
	if (error)
		grant_close(&handle->grant);
	return error;
}

static int
proc_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	struct handle *handle;
	struct spot spot;
	int error = spot_find(at, &spot);

	(void)mode;
	if (error)
		return error;
	error = open_check(&spot, flags);
	handle = error ? NULL : heap_zalloc(sizeof(*handle));
	if (handle) {
		handle->spot = spot;
		handle->own = spot.process == at->thread->process;
		text_file_init(&handle->text);
		error = handle_open(handle, at->thread, flags);
	} else if (!error) {
		error = -ENOMEM;
	}
	if (error) {
		heap_free(handle);
		spot_end(&spot);
		return error;
	}
	file->mode = spot.row->mode & KS_IFMT;
	file->data = handle;
	return 0;
}

static void
proc_close(struct file *file)
{
	struct handle *handle = handle_of(file);

	if (handle->spot.row->close)
		handle->spot.row->close(handle);
}

static void
proc_free(struct file *file)
{
	struct handle *handle = handle_of(file);

	if (!handle)
		return;
	if (handle->spot.row->free)
		handle->spot.row->free(handle);
	grant_close(&handle->grant);
	text_file_free(&handle->text);
	spot_end(&handle->spot);
	heap_free(handle);
}

struct thread *
handle_thread(struct handle *handle)
{
	if (!handle->spot.thread)
		return process_thread(handle->spot.process, 0);
	thread_get(handle->spot.thread);
	return handle->spot.thread;
}

/* ---- what is open ---- */

/* What was made of a program that the opener has no right to is not given out.
 */
static int
proc_make(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	int error = handle->spot.row->make(buffer, handle);

	return grant_revoked(&handle->grant) ? -EACCES : error;
}

static int64_t
proc_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	struct handle *handle = handle_of(file);
	const struct proc_row *row = handle->spot.row;

	if (row->read) /* asks for itself what may be revoked */
		return row->read(self, file, uio, offset);
	if (spot_is_directory(&handle->spot))
		return -EISDIR;
	if (grant_revoked(&handle->grant))
		return -EACCES;
	if (!row->make)
		return -EINVAL;
	return text_file_read(&handle->text, uio, offset, proc_make, handle);
}

static int64_t
proc_write(struct thread *self, struct file *file, struct uio *uio,
	   uint64_t *offset)
{
	struct handle *handle = handle_of(file);

	if (!handle->spot.row->write)
		return -EINVAL;
	if (grant_revoked(&handle->grant))
		return -EACCES;
	return handle->spot.row->write(self, handle, uio, offset);
}

static unsigned
proc_poll(struct file *file, struct poll_table *table)
{
	struct handle *handle = handle_of(file);

	if (handle->spot.row->poll)
		return handle->spot.row->poll(handle, table);
	return KPOLLIN | KPOLLOUT;
}

static int64_t
proc_getdents(struct file *file, struct uio *uio, uint64_t *offset)
{
	const struct handle *handle = handle_of(file);

	if (!spot_is_directory(&handle->spot))
		return -ENOTDIR;
	return proc_dir_list(handle, uio, offset);
}

/* ---- attributes ---- */

/* How long the text is that a read would make now: 0 of what is not for the
 * asker, or has none now. */
static uint64_t
text_size(const struct spot *spot, const struct asker *asker)
{
	struct text_buffer buffer = {0};
	struct handle handle = {.spot = *spot};
	uint64_t size = 0;

	if (!spot->row->make || spot_ask(asker, spot, KO_RDONLY))
		return 0;
	if (!spot->row->make(&buffer, &handle) && !buffer.error)
		size = buffer.used;
	text_free(&buffer);
	/* it may have become another program meanwhile */
	return spot_ask(asker, spot, KO_RDONLY) ? 0 : size;
}

/* When its process was made; of the root, the boot. */
static void
fill_times(const struct spot *spot, struct abi_stat *stat)
{
	uint64_t ns = arch_wall_ns() +
		      (spot->process ? spot->process->started_ns : 0);

	stat->st_mtim.tv_sec = (int64_t)(ns / 1000000000);
	stat->st_mtim.tv_nsec = (int64_t)(ns % 1000000000);
	stat->st_atim = stat->st_ctim = stat->st_mtim;
}

static void
fill_stat(const struct spot *spot, struct abi_stat *stat)
{
	memset(stat, 0, sizeof(*stat));
	stat->st_nlink = spot_is_directory(spot) ? 2 : 1;
	stat->st_blksize = 4096;
	stat->st_ino = spot_inode(spot);
	stat->st_mode = spot->row->mode;
	if (spot->process) {
		struct cred cred = process_cred(spot->process);

		stat->st_uid = cred.euid;
		stat->st_gid = cred.egid;
	}
	fill_times(spot, stat);
}

static int
proc_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	struct spot spot;
	int error = spot_find(at, &spot);

	(void)follow;
	if (error)
		return error;
	fill_stat(&spot, stat);
	if (at->thread) {
		struct asker asker = rights_asker(at->thread);

		stat->st_size = (int64_t)text_size(&spot, &asker);
	}
	spot_end(&spot);
	return 0;
}

static int
proc_fstat(struct file *file, struct abi_stat *stat)
{
	const struct handle *handle = handle_of(file);

	fill_stat(&handle->spot, stat);
	if (!grant_revoked(&handle->grant))
		stat->st_size =
			(int64_t)text_size(&handle->spot, &handle->grant.asker);
	return 0;
}

/* May it be opened so?  Decided by the function that decides at open, for the
 * real ids. */
static int
proc_access(struct place *at, int mode)
{
	struct asker asker = {at->thread->process, at->cred};
	struct spot spot;
	int error = spot_find(at, &spot);

	if (error)
		return error;
	if (spot_is_directory(&spot)) {
		if (mode & KW_OK)
			error = -EACCES;
		else if (mode)
			error = spot_ask(&asker, &spot, KO_RDONLY);
	} else {
		if (mode & KX_OK)
			error = -EACCES;
		if (!error && (mode & KR_OK))
			error = spot_ask(&asker, &spot, KO_RDONLY);
		if (!error && (mode & KW_OK))
			error = spot_ask(&asker, &spot, KO_WRONLY);
	}
	spot_end(&spot);
	return error;
}

static int64_t
proc_path_of(struct file *file, char *buf, size_t size)
{
	return spot_path(&handle_of(file)->spot, buf, size);
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

/*
 * Listing the directories of proc:.  Called by proc.c.
 *
 * Offsets: `.` and `..` are 0 and 1, `self` 2, row r is 3 + r, and number n (a
 * pid, a descriptor, a thread) FIRST_NUMBER + n.  So a listing goes on where it
 * was, whatever came and went meanwhile, and shows nothing twice.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "fd_table.h"
#include "print.h"
#include "text.h"

#define FIRST_ROW    3u
#define FIRST_NUMBER 256u

struct entry {
	char name[32];
	uint8_t type;
	uint64_t inode;
	uint64_t next; /* offset to go on from */
};

static uint8_t
row_type(const struct proc_row *row)
{
	switch (row->mode & KS_IFMT) {
	case KS_IFCHR:
		return KDT_CHR;
	case KS_IFDIR:
		return KDT_DIR;
	default:
		return KDT_REG;
	}
}

/* -EAGAIN: there is nothing at this offset, but further on. */
static int
entry_dots(const struct handle *handle, uint64_t at, struct entry *entry)
{
	static const char *const names[] = {".", "..", "self"};
	struct spot spot = handle->spot;

	if (at == 1)
		spot = spot_above(&spot);
	text_copy(entry->name, names[at], sizeof(entry->name));
	entry->type = KDT_DIR;
	entry->inode = spot_inode(&spot);
	return at == 2 && spot.process ? -EAGAIN : 0;
}

static int
entry_row(const struct handle *handle, uint64_t at, struct entry *entry)
{
	struct spot spot = handle->spot;
	enum proc_dir in = spot.row->opens;

	if (at - FIRST_ROW >= proc_row_count) {
		entry->next = FIRST_NUMBER;
		return -EAGAIN;
	}
	spot.row = proc_rows[at - FIRST_ROW];
	text_copy(entry->name, spot.row->name, sizeof(entry->name));
	entry->type = row_type(spot.row);
	entry->inode = spot_inode(&spot);
	return row_lies_in(spot.row, in) ? 0 : -EAGAIN;
}

/* ---- numbers: the lowest from `from` on, or -ENOENT ---- */

static int
next_pid(uint32_t from, uint32_t *number, struct spot *spot)
{
	struct process *process = process_next(from ? from - 1 : 0);

	if (!process)
		return -ENOENT;
	*number = process->pid;
	spot->row = &proc_process_row;
	spot->process = process;
	return 0;
}

static int
next_fd(uint32_t from, uint32_t *number, struct spot *spot)
{
	struct fd_table *table = spot->process->files;
	unsigned fd = from;

	spin_lock(&table->lock);
	while (fd < table->size && !table->slots[fd].file)
		fd++;
	*number = fd;
	spot->row = &fd_row;
	spot->number = fd;
	if (fd >= table->size)
		fd = FD_MAX;
	spin_unlock(&table->lock);
	return fd == FD_MAX ? -ENOENT : 0;
}

/* PROCESS lock. */
static struct thread *
lowest_tid(struct process *process, uint32_t from)
{
	struct thread *best = NULL;

	list_for_each(pos, &process->threads)
	{
		struct thread *thread =
			container_of(pos, struct thread, siblings);

		if (thread->tid >= from && (!best || thread->tid < best->tid))
			best = thread;
	}
	return best;
}

static int
next_tid(uint32_t from, uint32_t *number, struct spot *spot)
{
	struct thread *thread;

	spin_lock(&spot->process->lock);
	thread = lowest_tid(spot->process, from);
	if (thread)
		thread_get(thread);
	spin_unlock(&spot->process->lock);
	if (!thread)
		return -ENOENT;
	*number = thread->tid;
	spot->row = &thread_row;
	spot->thread = thread;
	return 0;
}

/* spot: of the directory; becomes the entry's, with what next_* referenced. */
static int
next_number(uint32_t from, uint32_t *number, struct spot *spot)
{
	switch (spot->row->opens) {
	case IN_ROOT:
		return next_pid(from, number, spot);
	case IN_FD:
		return next_fd(from, number, spot);
	case IN_THREADS:
		return next_tid(from, number, spot);
	default:
		return -ENOENT;
	}
}

static int
entry_number(const struct handle *handle, uint64_t at, struct entry *entry)
{
	struct spot spot = handle->spot;
	uint32_t number;
	int error = next_number((uint32_t)(at - FIRST_NUMBER), &number, &spot);

	if (error)
		return error;
	format_text(entry->name, sizeof(entry->name), "%u", number);
	entry->type = row_type(spot.row);
	entry->inode = spot_inode(&spot);
	entry->next = FIRST_NUMBER + (uint64_t)number + 1;
	if (spot.thread && !handle->spot.thread)
		thread_put(spot.thread);
	if (spot.process && !handle->spot.process)
		process_put(spot.process);
	return 0;
}

static int
entry_at(const struct handle *handle, uint64_t at, struct entry *entry)
{
	entry->next = at + 1;
	if (at < FIRST_ROW)
		return entry_dots(handle, at, entry);
	if (at < FIRST_NUMBER)
		return entry_row(handle, at, entry);
	if (at - FIRST_NUMBER > UINT32_MAX)
		return -ENOENT;
	return entry_number(handle, at, entry);
}

int64_t
proc_dir_list(const struct handle *handle, struct uio *uio, uint64_t *offset)
{
	size_t before = uio->left;
	struct entry entry;
	int error = 0;

	while (!error || error == -EAGAIN) {
		error = entry_at(handle, *offset, &entry);
		/* asked now: the entry may be of a program that the opener has
		 * no right to */
		if (grant_revoked(&handle->grant))
			return -EACCES;
		if (!error)
			error = scheme_put_entry(uio, entry.inode, entry.next,
						 entry.type, entry.name,
						 strlen(entry.name));
		if (!error || error == -EAGAIN)
			*offset = entry.next;
	}
	if (error == -ENOENT || before != uio->left)
		return (int64_t)(before - uio->left);
	return error;
}

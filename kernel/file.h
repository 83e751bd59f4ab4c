/* Open files and tables of descriptors. */
#pragma once

#include "abi/fcntl.h"
#include "lock.h"
#include "scheme.h"

struct process;
struct fd_table;

struct file *file_create(const struct scheme_ops *ops,
			 unsigned flags); /* refs 1, descs 0; NULL: no memory */
void file_get(struct file *file);
static inline void
file_get_inline(struct file *file)
{
	atomic_fetch_add_explicit(&file->refs, 1, memory_order_relaxed);
}
/* May close and free it: may sleep, no spinlock held. */
void file_end(struct file *file);
static inline void
file_put(struct file *file)
{
	if (atomic_fetch_sub(&file->refs, 1) == 1)
		file_end(file);
}
void file_discard(struct file *file); /* one whose open failed */
/* A file whose contents have a place (regular, directory): its offset is
 * guarded by offset_lock. */
static inline bool
file_seeks(const struct file *file)
{
	uint32_t type = file->mode & KS_IFMT;

	return type == KS_IFREG || type == KS_IFDIR;
}
/* For tables of descriptors.  add: false: it has been closed for good. */
bool file_desc_add(struct file *file);
void file_desc_drop(struct file *file); /* does not drop the reference */

struct fd_table *fd_table_create(void);
struct fd_table *fd_table_copy(struct fd_table *table); /* fork */
void fd_table_close_all(struct fd_table *table, bool only_cloexec);
void fd_table_free(struct fd_table *table); /* empty */

struct file *fd_get(struct thread *self,
		    int fd); /* with a reference; NULL: -EBADF */
/* The lowest free descriptor >= from; takes over the caller's reference and
 * counts as a descriptor.  -ENOENT (its scheme is not in the namespace),
 * -EMFILE, -ENOMEM, -EBADF (closed meanwhile): the caller still has it. */
int fd_install(struct thread *self, struct file *file, bool cloexec, int from);
/* Another descriptor of the same file: the lowest free one >= from (dup), or fd
 * (dup2).  -EBADF, -EMFILE, -ENOMEM. */
int fd_duplicate(struct thread *self, int old, bool cloexec, int from);
int fd_replace(struct thread *self, int old, bool cloexec, int fd);
int fd_close(struct thread *self, int fd);
int fd_cloexec(struct thread *self, int fd); /* 0, 1 or -EBADF */
int fd_set_cloexec(struct thread *self, int fd, bool cloexec);
/* proc:'s new: closes in this table every descriptor for which match(file, arg)
 * says so. */
void fd_table_close_if(struct fd_table *table,
		       bool (*match)(struct file *, void *), void *arg);
/* Walks the open ones: visit gets a referenced file that it must not keep; no
 * lock is held. */
void fd_table_for_each(struct fd_table *table,
		       void (*visit)(int fd, struct file *file, bool cloexec,
				     void *arg),
		       void *arg);
#define FD_MAX 65536 /* descriptors of one process: -EMFILE beyond */

/* Reads a whole range into kernel memory, for exec: bytes read, short only at
 * the end of the file. */
int64_t file_read_at(struct thread *self, struct file *file, void *to, size_t n,
		     uint64_t offset);

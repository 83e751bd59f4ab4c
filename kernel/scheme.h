/*
 * Schemes: what `name:` in a path means.  Each is one const table of
 * operations, listed in schemes/schemes.def; an operation that is missing has
 * the default in scheme_default.c, with the errno that POSIX gives for "this
 * kind of file cannot do that".
 *
 * Operations may sleep, interruptibly.  They return >= 0 or -errno.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/types.h"
#include "cred.h"
#include "waitq.h"

struct page;
struct thread;
struct uio;
struct vm_object;

/*
 * An open file.  `refs` counts all that use it: descriptors, calls that are
 * inside of it, current directories.  `descs` counts the descriptors alone;
 * from the last close on it is FILE_CLOSED for ever.
 */
#define FILE_CLOSED 0x80000000u
struct file {
	_Atomic uint32_t refs;
	_Atomic uint32_t descs;
	const struct scheme_ops *ops;
	_Atomic uint32_t flags; /* KO_*: access mode, append, nonblock */
	uint32_t mode; /* KS_IF* type, set by open: says what is a directory,
			  what can seek */
	struct mutex offset_lock; /* FILE_OFFSET: held through reads and writes
				     of files that can seek (regular files,
				     directories) */
	uint64_t offset;
	void *data;	 /* the scheme's */
	uint64_t number; /* the scheme's second word */
};

/* Its last descriptor is gone. */
static inline bool
file_is_closed(const struct file *file)
{
	return atomic_load(&file->descs) & FILE_CLOSED;
}

/*
 * A path inside a scheme, on its way to be looked up: `path` relative to the
 * directory `start`, or to the scheme's root if start is NULL. No leading
 * slash; "" is the starting point itself.  Components may be ".", ".."; doubled
 * slashes may occur; a trailing slash asks for a directory.
 */
#define EREDIRECT                                                              \
	4000 /* the kernel's own: a symbolic link leads to `redirect`, a full  \
		path; look up again from there */
struct place {
	struct thread *thread; /* who asks: credentials; NULL: the kernel,
				  everything allowed */
	struct file *start;
	const char *path;
	char *redirect;	  /* heap; set with -EREDIRECT, its taker frees it; the
			     rest of the path is already appended */
	struct cred cred; /* as whom: its effective ids count; all 0 for the
			     kernel */
	const struct scheme_ops *ops; /* whose path it is */
	unsigned links; /* symbolic links followed so far: -ELOOP beyond 40 */
};
#define PLACE_LINKS_MAX 40

#define POLL_QUEUES_MAX                                                        \
	3u /* a poll operation calls poll_on so often at most                  \
	    */

struct scheme_ops {
	const char *name;
	uint32_t bit;	   /* in a namespace: scheme_init sets it */
	int (*init)(void); /* at boot, in the order of schemes.def */

	/* by path */
	int (*open)(
		struct place *at, unsigned flags, unsigned mode,
		struct file *file); /* fills mode, data, number; flags: KO_* */
	int (*stat)(struct place *at, bool follow, struct abi_stat *stat);
	int (*access)(struct place *at,
		      int mode); /* at's effective ids are the caller's real
				    ones; default: by stat */
	int (*mkdir)(struct place *at, unsigned mode);
	int (*rmdir)(struct place *at);
	int (*unlink)(struct place *at);
	int (*link)(struct place *from, struct place *to);
	int (*symlink)(const char *target, struct place *at);
	int64_t (*readlink)(struct place *at, struct uio *uio);
	int (*rename)(struct place *from, struct place *to);
	int (*chmod)(struct place *at, unsigned mode);
	int (*chown)(struct place *at, bool follow, uint32_t uid,
		     uint32_t gid); /* UINT32_MAX: leave it */
	int (*utimens)(struct place *at, bool follow,
		       const struct abi_timespec
			       times[2]); /* access, modification; tv_nsec may
					     be KUTIME_NOW, KUTIME_OMIT */

	/* of the whole scheme: how much it holds; default -ENOSYS */
	int (*statfs)(struct abi_statfs *statfs);

	/* by open file; *offset is where, and is moved on; for files that
	 * cannot seek it means nothing */
	int64_t (*read)(struct thread *self, struct file *file, struct uio *uio,
			uint64_t *offset);
	int64_t (*write)(struct thread *self, struct file *file,
			 struct uio *uio, uint64_t *offset);
	int64_t (*lseek)(struct file *file, int64_t offset,
			 int whence); /* default: by mode: regular and
					 directories seek, else -ESPIPE */
	int64_t (*getdents)(struct file *file, struct uio *uio,
			    uint64_t *offset);
	int (*fstat)(struct file *file, struct abi_stat *stat);
	int (*ftruncate)(struct file *file, uint64_t length);
	int (*fchmod)(struct thread *self, struct file *file, unsigned mode);
	int (*fchown)(struct thread *self, struct file *file, uint32_t uid,
		      uint32_t gid);
	int (*futimens)(struct thread *self, struct file *file,
			const struct abi_timespec times[2]);
	unsigned (*poll)(
		struct file *file,
		struct poll_table *table); /* KPOLL* now; must not sleep: it is
					      called half asleep; default: IN |
					      OUT */
	int (*ioctl)(struct thread *self, struct file *file, unsigned request,
		     uint64_t arg);
	int (*mmap)(struct file *file,
		    struct vm_object *
			    *object); /* with a reference; default -ENODEV */
	int64_t (*path_of)(struct file *file, char *buf,
			   size_t size); /* path without the scheme ("/bin/ls",
					    or  "7/mem"), its length */
	/* Each once, in this order, if open succeeded; may sleep. */
	void (*close)(struct file *file); /* the last descriptor is gone; calls
					     may still be inside: wake them */
	void (*free)(struct file *file);  /* nobody has it any more */
};

/* Sets every operation that is NULL to its default: scheme_default.c. */
void scheme_complete(struct scheme_ops *ops);

void scheme_init(void); /* registers all of schemes.def, runs their init */
/* What these return is a completed copy: every operation is set. */
const struct scheme_ops *scheme_find(const char *name,
				     size_t length); /* NULL: no such scheme */
const struct scheme_ops *
scheme_at(unsigned index); /* in order; NULL past the end */

/* ---- helps for schemes ---- */

/* Do these permission bits let uid, gid do `want` (KR_OK | KW_OK | KX_OK)? Root
 * may all, but run only what somebody may run. */
bool scheme_allows(uint32_t mode, uint32_t owner, uint32_t group,
		   const struct cred *cred, unsigned want);
/* The same of what stat describes, for the effective ids: 0 or -EACCES. */
int scheme_check(const struct abi_stat *stat, const struct cred *cred,
		 unsigned want);
/*
 * One entry of a directory, for getdents.  next: the offset of the entry after
 * it; type: KDT_*.  0, -EFAULT, or -EINVAL if it does not fit: then what was
 * put before counts.
 */
int scheme_put_entry(struct uio *uio, uint64_t ino, uint64_t next,
		     unsigned type, const char *name, size_t length);
/* Between the parts of a long transfer: others run if it is their turn.  true:
 * self must end, so give up.  May sleep; self may be NULL. */
bool scheme_pause(struct thread *self);

/* ---- what main tells file: before scheme_init ---- */

/* What sys:/cmdline shows. */
void sys_set_cmdline(const char *cmdline);
/* The boot archive, which the file system is filled from. */
void file_set_archive(const void *start, size_t size);
/* How many bytes the file system may take up (default: half of RAM). */
void file_set_limit(uint64_t bytes);

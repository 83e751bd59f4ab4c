/*
 * The files of proc:, one row each: what it is called, where it lies, who may
 * open it how, and what its operations are.  Each file's code is a file of its
 * own here; look.c finds the row, kernel/trace/rights.c is asked.
 */
#pragma once

#include "file.h"
#include "process.h"
#include "textfile.h"
#include "trace/rights.h"
#include "usercopy.h"

struct handle;

/* Directories: rows say in which they lie. */
enum proc_dir {
	IN_PROCESS, /* proc:/<pid>/ */
	IN_ROOT,    /* proc:/ */
	IN_FD,	    /* proc:/<pid>/fd/: names are descriptors */
	IN_THREADS, /* proc:/<pid>/thread/: names are threads */
	IN_THREAD,  /* proc:/<pid>/thread/<tid>/ */
	PROC_DIRS
};

struct proc_row {
	const char *name;  /* NULL: any number that is there */
	uint32_t mode;	   /* KS_IFREG, KS_IFCHR or KS_IFDIR, and the owner's
			      permissions */
	enum right reads;  /* what opening for reading needs */
	enum right writes; /* what opening for writing needs */
	enum proc_dir in;  /* where it lies */
	bool of_threads; /* IN_PROCESS: and IN_THREAD, the same of one thread */
	enum proc_dir opens; /* KS_IFDIR: which directory it is */
	/* all may be NULL */
	int (*open)(struct handle *handle, struct thread *self, unsigned flags);
	int (*make)(struct text_buffer *buffer,
		    void *handle); /* the text, or the packed bytes */
	int64_t (*read)(struct thread *self, struct file *file, struct uio *uio,
			uint64_t *offset); /* instead of make */
	int64_t (*write)(struct thread *self, struct handle *handle,
			 struct uio *uio, uint64_t *offset);
	unsigned (*poll)(struct handle *handle, struct poll_table *table);
	void (*close)(struct handle *handle); /* the last descriptor */
	void (*free)(struct handle *handle);
};

static inline bool
row_lies_in(const struct proc_row *row, enum proc_dir dir)
{
	return row->in == dir || (dir == IN_THREAD && row->of_threads);
}

/* What a path leads to. */
struct spot {
	const struct proc_row *row; /* never NULL */
	struct process *process;    /* referenced; NULL: in the root */
	struct thread *thread;	    /* referenced; in and below thread/ */
	uint32_t number;	    /* in fd/: the descriptor */
};

/* file->data of everything that is open in proc:. */
struct handle {
	struct spot spot;
	struct grant grant; /* of the process, if there is one */
	bool own; /* opened by the process itself: rights over another were
		     not asked for */
	struct text_file text; /* rows with `make` */
	void *data;	       /* the row's */
};

static inline struct handle *
handle_of(struct file *file)
{
	return file->data;
}

static inline bool
spot_is_directory(const struct spot *spot)
{
	return (spot->row->mode & KS_IFMT) == KS_IFDIR;
}

/* A file of a process that is there no more. */
static inline bool
spot_is_reaped(const struct spot *spot)
{
	return spot->process && !spot_is_directory(spot) &&
	       atomic_load(&spot->process->state) == PROCESS_REAPED;
}

/* The thread that a file is about, with a reference: that of its directory, or
 * the process's first.  NULL: it has ended. */
struct thread *handle_thread(struct handle *handle);

/* ---- look.c ---- */

extern const struct proc_row proc_root_row, proc_process_row;

/* From a path to what is there: 0, -ENOENT, -ENOTDIR, or -EACCES (a directory
 * on the way is not to be searched). */
int spot_find(const struct place *at, struct spot *spot);
void spot_end(struct spot *spot);
/* What asker's opening it so would give: 0, -EACCES, -EDEADLK, -ESRCH. */
int spot_ask(const struct asker *asker, const struct spot *spot,
	     unsigned flags);
/* Its number, unique in proc:. */
uint64_t spot_inode(const struct spot *spot);
/* The directory in which a directory lies; without references of its own. */
struct spot spot_above(const struct spot *spot);
/* Its path without the scheme; its length. */
int64_t spot_path(const struct spot *spot, char *buf, size_t size);

/* ---- dir.c ---- */

int64_t proc_dir_list(const struct handle *handle, struct uio *uio,
		      uint64_t *offset);

/* ---- rows.c: every row but those of directories that a number opens ---- */

extern const struct proc_row *const proc_rows[];
extern const unsigned proc_row_count;

extern const struct proc_row trace_row, trace_bin_row, new_row, new_bin_row,
	ctl_row, regs_row, regs_bin_row, mem_row, maps_row, status_row,
	status_bin_row, usage_row, usage_bin_row, args_row, env_row, auxv_row,
	cwd_row, exe_row, signals_row, calls_row, calls_bin_row, fd_dir_row,
	fd_row, thread_dir_row, thread_row, fpregs_row, fpregs_bin_row,
	maps_bin_row, points_row, thread_status_row, thread_status_bin_row,
	thread_name_row;

extern const struct scheme_ops proc_scheme;

/*
 * Whole lines that were written: copies them, calls line(text, length, arg) for
 * each, without its newline.  Returns the bytes of the lines before the first
 * that failed, or its error if it is the first.  -EINVAL: no final newline;
 * -E2BIG: more than max.
 */
int64_t proc_write_lines(struct thread *self, struct uio *uio, size_t max,
			 int (*line)(char *text, size_t length, void *arg),
			 void *arg);

/* `NAME VALUE` or `NAME=VALUE`, taken apart; what: the file, for the refusal. 0
 * or -EINVAL. */
struct setting {
	const char *name, *value;
	size_t name_length, value_length;
};
int proc_setting(struct thread *self, const char *what, const char *line,
		 size_t length, struct setting *setting);
bool setting_is(const struct setting *setting, const char *name);

/* Copies everything written into memory: small is used if it fits.  heap_free
 * what is not small.  NULL: *error says why. */
char *proc_copy_write(struct uio *uio, size_t max, char *small,
		      size_t small_size, int *error);

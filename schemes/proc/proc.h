/*
 * The files of proc:, one row each: what it is called, who may open it how, and
 * what its operations are.  Each file's code is a file of its own here; proc.c
 * finds the row and asks rights.c.
 */
#pragma once

#include "file.h"
#include "process.h"
#include "rights.h"
#include "textfile.h"
#include "usercopy.h"

struct handle;

struct proc_row {
	const char *name;
	uint32_t mode; /* KS_IFREG or KS_IFCHR, and the owner's permissions */
	enum right reads;  /* what opening for reading needs */
	enum right writes; /* what opening for writing needs */
	bool on_root;	   /* lies in proc:/ */
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

/* file->data of everything that is open in proc:. */
struct handle {
	const struct proc_row *row; /* NULL: a directory */
	struct process *process;    /* referenced; NULL: proc:/ and proc:/new */
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

extern const struct proc_row trace_row, trace_bin_row, new_row, new_bin_row,
	ctl_row, regs_row, regs_bin_row, mem_row, maps_row, status_row,
	status_bin_row, args_row;

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

/* Copies everything written into memory: small is used if it fits.  heap_free
 * what is not small.  NULL: *error says why. */
char *proc_copy_write(struct uio *uio, size_t max, char *small,
		      size_t small_size, int *error);

/*
 * Files whose text is made when they are read: sys: and the text files of
 * proc:.
 *
 * A handle's text is made at a read from offset 0; reads from other offsets
 * continue that text, however much the machine has changed meanwhile.
 */
#pragma once

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "lock.h"

struct uio;

/* Text that grows.  All zero: empty.  The first failure sticks in `error`, and
 * what is appended later is ignored, so that a maker need not look. */
struct text_buffer {
	char *text; /* heap; NUL-terminated unless NULL */
	size_t used, size;
	int error; /* 0 or -ENOMEM */
};

/* print.h's formats.  Do not sleep, so they may be called with a spinlock
 * below HEAP held. */
void text_printf(struct text_buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void text_printfv(struct text_buffer *buffer, const char *format, va_list args)
	__attribute__((format(printf, 2, 0)));
void text_append(struct text_buffer *buffer, const char *bytes, size_t n);
/* A word for a line that is split at spaces or tabs: every byte that is not
 * printable, and space and %, becomes %XX; "" becomes "-". */
void text_word(struct text_buffer *buffer, const char *word);
/* How a file is open, KO_*: `r`, `w`, `rw` or `-`, then, each behind the
 * separator, `append`, `nonblock`, `cloexec`. */
void text_open_mode(struct text_buffer *buffer, unsigned flags, bool cloexec,
		    char separator);
void text_free(struct text_buffer *buffer); /* empty again */

/* One handle's text, in file->data of whoever uses it. */
struct text_made;
struct text_file {
	struct spinlock lock; /* guards the pointer */
	struct text_made *made;
};

void text_file_init(struct text_file *file);
void text_file_free(struct text_file *file); /* nobody reads it any more */

/*
 * What a scheme's read does: bytes put into uio, 0 at the end, or -errno.
 * make(buffer, arg) gives 0 or -errno; it is called with no lock held and may
 * sleep.  Several threads may read one handle at once: each gets bytes of one
 * whole text.
 */
int64_t text_file_read(struct text_file *file, struct uio *uio,
		       uint64_t *offset,
		       int (*make)(struct text_buffer *buffer, void *arg),
		       void *arg);

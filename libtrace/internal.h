/* What the files of libtrace share. */
#pragma once

#include "trace.h"

#define TRACE_BATCH 8192 /* bytes of events read at a time */

/* An open file of one process; the last one used is kept. */
struct trace_file {
	pid_t pid; /* 0: none */
	int fd;
};

struct trace {
	int fd;
	int observes;	    /* it changes nothing */
	uint64_t last_seq;  /* of the event given last */
	uint16_t last_type; /* 0: none yet */
	char *path; /* of `exec`: inside of batch, NUL-terminated; NULL: none */
	size_t at, used; /* events read and not given yet: batch[at ... used) */
	struct trace_file regs, mem;
	_Alignas(8) char batch[TRACE_BATCH];
};

/* A session on path: 0 or -errno. */
int trace_open(struct trace **trace, const char *path, int flags);
/* Reads events into the empty batch: bytes, 0 at the end, or -errno. */
ssize_t trace_fill(struct trace *trace, int timeout_ms);
/* A whole write: 0 or -errno. */
int trace_put(const struct trace *trace, const void *bytes, size_t size);
/* An open NAME of pid in *file, opened if it is another's: its descriptor, or
 * -errno. */
int trace_file_of(struct trace_file *file, pid_t pid, const char *name,
		  int observes);
void trace_file_close(struct trace_file *file);

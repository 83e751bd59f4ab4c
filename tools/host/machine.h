/* A QEMU of ours, and the ends of the lines to it. */
#pragma once

#include "buffer.h"

#include <sys/types.h>

/*
 * The lines, in the order of QEMU's descriptors from MACHINE_FIRST_FD on: its
 * command line names them
 * (`-chardev socket,fd=3` is `in`).  MACHINE_MESSAGES is its stderr; the
 * descriptor after the lines is the initrd.
 */
enum machine_line {
	MACHINE_IN,
	MACHINE_OUT,
	MACHINE_ERR,
	MACHINE_STATUS,
	MACHINE_BACK,
	MACHINE_SERIAL,
	MACHINE_MESSAGES,
	MACHINE_LINES
};
#define MACHINE_FIRST_FD  3
#define MACHINE_INITRD_FD 9

struct machine {
	pid_t pid;
	int ends[MACHINE_LINES]; /* sockets */
};

/* Starts QEMU in a session of its own.  It dies with us, whatever ends us. */
void machine_start(struct machine *m, char **argv, const struct buffer *initrd);

/* Ends QEMU now.  May be called again. */
void machine_kill(struct machine *m);

/* Takes QEMU's status once it has ended. */
void machine_reap(struct machine *m);

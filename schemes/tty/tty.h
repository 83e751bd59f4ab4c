/*
 * The terminal: COM1.
 *
 *	line*.c		what keys become, what output becomes (no device, no
 *			lock)
 *	console.c	the device: its interrupt, its output
 *	control*.c	the session it controls, its foreground, who is kept out
 *	ioctl*.c	settings and requests
 *	read.c write.c	the two calls
 *	tty.c		the scheme
 */
#pragma once

#include "control.h"
#include "line.h"
#include "waitq.h"

struct file;
struct uio;

#define TTY_OUTPUT 2048u /* bytes that wait for the line; a power of 2 */
#define TTY_ECHO   512u	 /* of them kept for echoes */

struct tty {
	struct waitq readable;
	struct waitq writable; /* output has gone, or may go again */
	struct waitq signals;  /* control_keys.c's thread waits for keys */
	struct mutex reading;  /* DEVICE_MUTEX: held while bytes are copied out,
				  never while they are waited for */
	struct mutex writing;  /* DEVICE_MUTEX: one part of a write is whole */
	struct control control;

	struct spinlock lock;
	/* TTY lock must be held when using these: */
	struct line line;
	struct abi_winsize size;
	uint64_t signals_due;	     /* bit n - 1: signal n */
	uint32_t out_head, out_tail; /* positions in out, not wrapped */
	char out[TTY_OUTPUT];
};

extern struct tty tty;

/* ---- console.c ---- */

void console_init(void);
/* TTY lock: takes what keys there are, gives what output can go.  After each
 * change of what decides about either. */
void console_move(void);
bool console_has_room(void); /* for a program's byte; TTY lock */
/* Takes from bytes what there is room for now: how many.  TTY lock. */
size_t console_take(const char *bytes, size_t n);
void console_key(char c);	/* one comes, there is room; TTY lock */
void console_signal(int sig);	/* to the foreground; TTY lock */
uint32_t console_waiting(void); /* bytes that have not gone yet; TTY lock */

/* ---- read.c, write.c ---- */

int64_t tty_read(struct thread *self, struct file *file, struct uio *uio,
		 uint64_t *offset);
uint32_t tty_ready(void); /* more than 0: a read gives something */
bool tty_readable(void);  /* as poll has it: by VMIN */
bool tty_writable(void);
int64_t tty_write(struct thread *self, struct file *file, struct uio *uio,
		  uint64_t *offset);
/* Waits until all output has gone: 0, -EINTR, -EIO (hung up). */
int tty_drain(struct thread *self);

/* ---- ioctl.c ---- */

int tty_ioctl(struct thread *self, struct file *file, unsigned request,
	      uint64_t arg);

/* ---- ioctl_line.c: requests about the line; arg is the user's ---- */

int ioctl_get(struct thread *self, uint64_t arg);
int ioctl_set(struct thread *self, uint64_t arg);
int ioctl_set_drained(struct thread *self, uint64_t arg);
int ioctl_set_flushed(struct thread *self, uint64_t arg);
int ioctl_drain_or_break(struct thread *self, uint64_t arg);
int ioctl_break(struct thread *self, uint64_t arg);
int ioctl_flow(struct thread *self, uint64_t arg);
int ioctl_flush(struct thread *self, uint64_t arg);
int ioctl_type(struct thread *self, uint64_t arg);

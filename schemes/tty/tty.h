/*
 * The terminal: COM1.
 *
 *	line.c		what keys become (no device, no lock)
 *	console.c	the device: its interrupt, its output
 *	control*.c	the session it controls, its foreground, who is kept out
 *	ioctl.c		settings
 *	tty.c		the scheme
 */
#pragma once

#include "control.h"
#include "line.h"
#include "waitq.h"

struct file;
struct uio;

struct tty {
	struct waitq readable, writable;
	struct mutex reading; /* DEVICE_MUTEX: held while bytes are copied out,
				 never while they are waited for */
	struct mutex writing; /* DEVICE_MUTEX: one part of a write is whole */
	struct waitq signals; /* control_keys.c's thread waits for keys */
	struct control control;

	struct spinlock lock;
	/* TTY lock must be held when using these: */
	struct line line;
	uint64_t signals_due; /* bit n - 1: signal n */
};

extern struct tty tty;

void console_init(void);
/* Puts bytes out as the settings say; sleeps only for another writer. */
void console_write(const char *bytes, size_t n);

/* ---- read.c, write.c ---- */

int64_t tty_read(struct thread *self, struct file *file, struct uio *uio,
		 uint64_t *offset);
int64_t tty_write(struct thread *self, struct file *file, struct uio *uio,
		  uint64_t *offset);
uint32_t tty_ready(void); /* bytes that can be read */

int tty_ioctl(struct thread *self, struct file *file, unsigned request,
	      uint64_t arg);

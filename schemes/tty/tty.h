/*
 * The terminal: COM1.
 *
 *	line.c		what keys become (no device, no lock)
 *	console.c	the device: its interrupt, its output
 *	foreground.c	whom ^C reaches
 *	ioctl.c		settings
 *	tty.c		the scheme
 */
#pragma once

#include "line.h"
#include "waitq.h"

struct process;
struct file;

struct tty {
	struct waitq readable;
	struct mutex reading; /* DEVICE_MUTEX: held while bytes are copied out,
				 never while they are waited for */
	struct mutex writing; /* DEVICE_MUTEX: one part of a write is whole */
	struct waitq signals; /* foreground.c's thread waits for keys */

	struct spinlock lock;
	/* TTY lock must be held when using these: */
	struct line line;
	struct process *foreground; /* referenced; NULL: nobody */
	uint64_t signals_due;	    /* bit n - 1: signal n */
};

extern struct tty tty;

void console_init(void);
/* Puts bytes out as the settings say; sleeps only for another writer. */
void console_write(const char *bytes, size_t n);

int foreground_init(void);
int foreground_set(struct process *caller, int32_t pid);
int32_t foreground_get(void); /* 0: nobody */

int tty_ioctl(struct thread *self, struct file *file, unsigned request,
	      uint64_t arg);

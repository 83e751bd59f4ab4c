/*
 * The terminal's settings: the requests of ioctl, rows of one table.
 *
 * Called through tty.c's operations.  The rule: user memory is touched with no
 * lock held.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "thread.h"
#include "tty.h"
#include "usercopy.h"

static int
ioctl_get(struct thread *self, uint64_t arg)
{
	struct abi_termios termios;

	(void)self;
	spin_lock(&tty.lock);
	termios = tty.line.termios;
	spin_unlock(&tty.lock);
	return copy_to_user(arg, &termios, sizeof(termios));
}

static int
ioctl_change(uint64_t arg, bool flush)
{
	struct abi_termios termios;
	int error = copy_from_user(&termios, arg, sizeof(termios));

	if (error)
		return error;
	spin_lock(&tty.lock);
	if (flush)
		line_flush(&tty.line);
	line_set(&tty.line, &termios);
	spin_unlock(&tty.lock);
	waitq_wake(&tty.readable);
	return 0;
}

/* Output is never pending, so there is nothing to drain first. */
static int
ioctl_set(struct thread *self, uint64_t arg)
{
	(void)self;
	return ioctl_change(arg, false);
}

static int
ioctl_set_flush(struct thread *self, uint64_t arg)
{
	(void)self;
	return ioctl_change(arg, true);
}

/* A serial line does not know its terminal's size: the customary one. */
static int
ioctl_size(struct thread *self, uint64_t arg)
{
	static const struct abi_winsize size = {.ws_row = 24, .ws_col = 80};

	(void)self;
	return copy_to_user(arg, &size, sizeof(size));
}

static int
ioctl_get_foreground(struct thread *self, uint64_t arg)
{
	int32_t pid = foreground_get();

	(void)self;
	return copy_to_user(arg, &pid, sizeof(pid));
}

static int
ioctl_set_foreground(struct thread *self, uint64_t arg)
{
	int32_t pid;
	int error = copy_from_user(&pid, arg, sizeof(pid));

	return error ? error : foreground_set(self->process, pid);
}

static int
ioctl_pending(struct thread *self, uint64_t arg)
{
	int32_t n;

	(void)self;
	spin_lock(&tty.lock);
	n = (int32_t)line_ready(&tty.line);
	spin_unlock(&tty.lock);
	return copy_to_user(arg, &n, sizeof(n));
}

static const struct {
	unsigned request;
	int (*act)(struct thread *self, uint64_t arg);
} ioctl_requests[] = {
	{KTCGETS, ioctl_get},
	{KTCSETS, ioctl_set},
	{KTCSETSW, ioctl_set},
	{KTCSETSF, ioctl_set_flush},
	{KTIOCGWINSZ, ioctl_size},
	{KTIOCGPGRP, ioctl_get_foreground},
	{KTIOCSPGRP, ioctl_set_foreground},
	{KFIONREAD, ioctl_pending},
};

#define IOCTL_REQUESTS (sizeof(ioctl_requests) / sizeof(*ioctl_requests))

int
tty_ioctl(struct thread *self, struct file *file, unsigned request,
	  uint64_t arg)
{
	size_t i;

	(void)file;
	for (i = 0; i < IOCTL_REQUESTS; i++) {
		if (ioctl_requests[i].request == request)
			return ioctl_requests[i].act(self, arg);
	}
	return -ENOTTY;
}

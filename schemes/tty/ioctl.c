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
ioctl_change(struct thread *self, uint64_t arg, bool flush)
{
	struct abi_termios termios;
	int error = copy_from_user(&termios, arg, sizeof(termios));

	if (!error)
		error = control_may_write(self, true);
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
	return ioctl_change(self, arg, false);
}

static int
ioctl_set_flush(struct thread *self, uint64_t arg)
{
	return ioctl_change(self, arg, true);
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
ioctl_put_number(uint64_t arg, int64_t number)
{
	int32_t value = (int32_t)number;

	return number < 0 ? value : copy_to_user(arg, &value, sizeof(value));
}

static int
ioctl_get_foreground(struct thread *self, uint64_t arg)
{
	return ioctl_put_number(arg, control_get_foreground(self->process));
}

static int
ioctl_get_session(struct thread *self, uint64_t arg)
{
	return ioctl_put_number(arg, control_get_session(self->process));
}

static int
ioctl_set_foreground(struct thread *self, uint64_t arg)
{
	int32_t pid;
	int error = copy_from_user(&pid, arg, sizeof(pid));

	if (!error)
		error = control_may_write(self, true);
	return error ? error : control_set_foreground(self->process, pid);
}

static int
ioctl_acquire(struct thread *self, uint64_t arg)
{
	return control_acquire(self->process, arg == 1);
}

static int
ioctl_release(struct thread *self, uint64_t arg)
{
	(void)arg;
	return control_release(self->process);
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
	{KTIOCSCTTY, ioctl_acquire},
	{KTIOCNOTTY, ioctl_release},
	{KTIOCGSID, ioctl_get_session},
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

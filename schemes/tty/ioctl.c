/*
 * The requests of ioctl, rows of one table; those about the line are in
 * ioctl_line.c.
 *
 * Called through tty.c's operations.  The rule: who may ask is looked at here,
 * once, by the row's rule.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/signal.h"
#include "process.h"
#include "tty.h"
#include "usercopy.h"

static int
ioctl_put_number(uint64_t arg, int64_t number)
{
	int32_t value = (int32_t)number;

	return number < 0 ? value : copy_to_user(arg, &value, sizeof(value));
}

/* ---- whose it is ---- */

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
ioctl_get_session(struct thread *self, uint64_t arg)
{
	return ioctl_put_number(arg, control_get_session(self->process));
}

static int
ioctl_get_foreground(struct thread *self, uint64_t arg)
{
	return ioctl_put_number(arg, control_get_foreground(self->process));
}

static int
ioctl_set_foreground(struct thread *self, uint64_t arg)
{
	int32_t pgid;
	int error = copy_from_user(&pgid, arg, sizeof(pgid));

	return error ? error : control_set_foreground(self->process, pgid);
}

/* ---- how large it is ---- */

static int
ioctl_get_size(struct thread *self, uint64_t arg)
{
	struct abi_winsize size;

	(void)self;
	spin_lock(&tty.lock);
	size = tty.size;
	spin_unlock(&tty.lock);
	return copy_to_user(arg, &size, sizeof(size));
}

static int
ioctl_set_size(struct thread *self, uint64_t arg)
{
	struct abi_winsize size;
	int error = copy_from_user(&size, arg, sizeof(size));

	(void)self;
	if (error)
		return error;
	spin_lock(&tty.lock);
	if (tty.size.ws_row != size.ws_row || tty.size.ws_col != size.ws_col ||
	    tty.size.ws_xpixel != size.ws_xpixel ||
	    tty.size.ws_ypixel != size.ws_ypixel)
		console_signal(KSIGWINCH);
	tty.size = size;
	spin_unlock(&tty.lock);
	return 0;
}

/* ---- how much there is ---- */

static int
ioctl_get_input(struct thread *self, uint64_t arg)
{
	uint32_t n;

	(void)self;
	spin_lock(&tty.lock);
	n = line_bytes(&tty.line);
	spin_unlock(&tty.lock);
	return ioctl_put_number(arg, n);
}

static int
ioctl_get_output(struct thread *self, uint64_t arg)
{
	uint32_t n;

	(void)self;
	spin_lock(&tty.lock);
	n = console_waiting();
	spin_unlock(&tty.lock);
	return ioctl_put_number(arg, n);
}

/* ---- the table ---- */

enum ioctl_rule {
	ASKS,	  /* whoever has it open; not who has lost the terminal */
	CHANGES,  /* the background is stopped, as by TOSTOP */
	ACQUIRES, /* everybody */
};

static const struct {
	unsigned request;
	enum ioctl_rule rule;
	int (*act)(struct thread *self, uint64_t arg);
} ioctl_requests[] = {
	{KTCGETS, ASKS, ioctl_get},
	{KTCSETS, CHANGES, ioctl_set},
	{KTCSETSW, CHANGES, ioctl_set_drained},
	{KTCSETSF, CHANGES, ioctl_set_flushed},
	{KTCSBRK, CHANGES, ioctl_drain_or_break},
	{KTCSBRKP, CHANGES, ioctl_break},
	{KTCXONC, CHANGES, ioctl_flow},
	{KTCFLSH, CHANGES, ioctl_flush},
	{KTIOCSCTTY, ACQUIRES, ioctl_acquire},
	{KTIOCNOTTY, ASKS, ioctl_release},
	{KTIOCGSID, ASKS, ioctl_get_session},
	{KTIOCGPGRP, ASKS, ioctl_get_foreground},
	{KTIOCSPGRP, CHANGES, ioctl_set_foreground},
	{KTIOCOUTQ, ASKS, ioctl_get_output},
	{KTIOCSTI, ASKS, ioctl_type},
	{KTIOCGWINSZ, ASKS, ioctl_get_size},
	{KTIOCSWINSZ, ASKS, ioctl_set_size},
	{KFIONREAD, ASKS, ioctl_get_input},
};

#define IOCTL_REQUESTS (sizeof(ioctl_requests) / sizeof(*ioctl_requests))

static int
ioctl_may(struct thread *self, enum ioctl_rule rule)
{
	if (rule == CHANGES)
		return control_may_write(self, true);
	if (rule == ASKS && control_standing(self->process) == CONTROL_LOST)
		return -EIO;
	return 0;
}

int
tty_ioctl(struct thread *self, struct file *file, unsigned request,
	  uint64_t arg)
{
	size_t i;
	int error;

	(void)file;
	for (i = 0; i < IOCTL_REQUESTS; i++) {
		if (ioctl_requests[i].request != request)
			continue;
		error = ioctl_may(self, ioctl_requests[i].rule);
		return error ? error : ioctl_requests[i].act(self, arg);
	}
	return -ENOTTY;
}

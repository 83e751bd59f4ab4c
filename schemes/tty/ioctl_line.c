/*
 * The terminal's line: settings, flow, what waits in either direction.
 *
 * Called through ioctl.c's table, with who asks let in already.  The rule: user
 * memory is touched with no lock held; settings change under the mutex of
 * readers, so that none is between its look and what it takes.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "arch/x86_64/arch.h"
#include "process.h"
#include "tty.h"
#include "usercopy.h"

#define BREAK_NS 250000000u

/* ---- settings ---- */

int
ioctl_get(struct thread *self, uint64_t arg)
{
	struct abi_termios termios;

	(void)self;
	spin_lock(&tty.lock);
	termios = tty.line.termios;
	spin_unlock(&tty.lock);
	return copy_to_user(arg, &termios, sizeof(termios));
}

static void
ioctl_change(const struct abi_termios *termios, bool flush)
{
	mutex_lock(&tty.reading);
	spin_lock(&tty.lock);
	if (flush)
		line_flush(&tty.line);
	line_set(&tty.line, termios);
	console_move();
	spin_unlock(&tty.lock);
	mutex_unlock(&tty.reading);
	waitq_wake(&tty.readable);
}

static int
ioctl_set_after(struct thread *self, uint64_t arg, bool drain, bool flush)
{
	struct abi_termios termios;
	int error = copy_from_user(&termios, arg, sizeof(termios));

	if (!error && drain)
		error = tty_drain(self);
	if (!error)
		ioctl_change(&termios, flush);
	return error;
}

int
ioctl_set(struct thread *self, uint64_t arg)
{
	return ioctl_set_after(self, arg, false, false);
}

int
ioctl_set_drained(struct thread *self, uint64_t arg)
{
	return ioctl_set_after(self, arg, true, false);
}

int
ioctl_set_flushed(struct thread *self, uint64_t arg)
{
	return ioctl_set_after(self, arg, true, true);
}

/* ---- output ---- */

static int
ioctl_send_break(struct thread *self)
{
	int error = tty_drain(self);

	if (error)
		return error;
	arch_console_break(true);
	/* nothing but its end may keep the line broken */
	error = WAIT_FOR(&tty.writable, self, SLEEP_KILLABLE, "a break",
			 arch_time_ns() + BREAK_NS, false);
	arch_console_break(false);
	return error == -ETIMEDOUT ? 0 : error;
}

/* tcdrain is an argument of tcsendbreak's request. */
int
ioctl_drain_or_break(struct thread *self, uint64_t arg)
{
	return arg ? tty_drain(self) : ioctl_send_break(self);
}

int
ioctl_break(struct thread *self, uint64_t arg)
{
	(void)arg;
	return ioctl_send_break(self);
}

/* TTY lock.  Tells the other side by its key, if that is not switched off. */
static void
ioctl_send_key(unsigned which)
{
	char key = (char)tty.line.termios.c_cc[which];

	if (key)
		tty.line.ops->put_first(&tty.line, key);
}

int
ioctl_flow(struct thread *self, uint64_t arg)
{
	(void)self;
	if (arg > KTCION)
		return -EINVAL;
	spin_lock(&tty.lock);
	if (arg == KTCIOFF)
		ioctl_send_key(LINE_VSTOP);
	else if (arg == KTCION)
		ioctl_send_key(LINE_VSTART);
	else
		tty.line.stopped = arg == KTCOOFF;
	console_move();
	spin_unlock(&tty.lock);
	return 0;
}

int
ioctl_flush(struct thread *self, uint64_t arg)
{
	(void)self;
	if (arg > KTCIOFLUSH)
		return -EINVAL;
	mutex_lock(&tty.reading);
	spin_lock(&tty.lock);
	if (arg != KTCOFLUSH)
		line_flush(&tty.line);
	if (arg != KTCIFLUSH)
		tty.line.ops->drop(&tty.line);
	console_move();
	spin_unlock(&tty.lock);
	mutex_unlock(&tty.reading);
	return 0;
}

/* ---- input ---- */

/* A key as if it were typed. */
int
ioctl_type(struct thread *self, uint64_t arg)
{
	int error = process_cred(self->process).euid ? -EPERM : 0;
	char key;

	if (!error)
		error = copy_from_user(&key, arg, sizeof(key));
	if (error)
		return error;
	spin_lock(&tty.lock);
	if (line_has_room(&tty.line))
		console_key(key);
	else
		error = -EAGAIN;
	console_move();
	spin_unlock(&tty.lock);
	return error;
}

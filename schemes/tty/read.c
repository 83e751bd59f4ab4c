/*
 * Reading from the terminal.
 *
 * Called through tty.c's operations.  The rule: reading is peek, copy, consume,
 * under the mutex of readers, so that a bad pointer loses no byte and the
 * terminal's lock is never held while user memory is touched.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "arch/x86_64/arch.h"
#include "file.h"
#include "tty.h"
#include "usercopy.h"

#define READ_PART  256u
#define READ_TENTH 100000000u /* ns: the unit of VTIME */

/* ---- what is there ---- */

/* A part of it.  `reading` held.  *ended: no more for this read. */
static int64_t
read_part(struct uio *uio, bool *ended)
{
	size_t n = uio->left < READ_PART ? uio->left : READ_PART, got;
	uint32_t from, consume;
	char part[READ_PART];
	int error;

	spin_lock(&tty.lock);
	from = tty.line.first;
	got = line_peek(&tty.line, part, n, &consume, ended);
	spin_unlock(&tty.lock);
	error = uio_put(uio, part, got);
	if (error)
		return error;
	spin_lock(&tty.lock);
	line_consume(&tty.line, from, consume);
	console_move();
	spin_unlock(&tty.lock);
	return (int64_t)got;
}

/* All that one read may have of it: bytes; 0 with *ended: the end of the input;
 * or -EFAULT. */
static int64_t
read_take(struct uio *uio, bool *ended)
{
	int64_t n, done = 0;

	*ended = false;
	mutex_lock(&tty.reading);
	do {
		n = read_part(uio, ended);
		if (n > 0)
			done += n;
	} while (n > 0 && uio->left && !*ended);
	mutex_unlock(&tty.reading);
	return done || n > 0 ? done : n;
}

uint32_t
tty_ready(void)
{
	uint32_t n;

	spin_lock(&tty.lock);
	n = line_ready(&tty.line);
	spin_unlock(&tty.lock);
	return n;
}

bool
tty_readable(void)
{
	const uint8_t *cc = tty.line.termios.c_cc;
	uint32_t wanted = 1, n;

	spin_lock(&tty.lock);
	n = line_ready(&tty.line);
	if (!line_canonical(&tty.line) && !cc[LINE_VTIME] && cc[LINE_VMIN])
		wanted = cc[LINE_VMIN];
	spin_unlock(&tty.lock);
	return n >= wanted;
}

/* ---- waiting for it ---- */

/* What a read of n bytes waits for: bytes, and for how long. */
static uint32_t
read_wanted(size_t n, uint64_t *patience)
{
	uint32_t wanted = 1;

	*patience = DEADLINE_NONE;
	spin_lock(&tty.lock);
	if (!line_canonical(&tty.line)) {
		wanted = tty.line.termios.c_cc[LINE_VMIN];
		if (tty.line.termios.c_cc[LINE_VTIME] || !wanted)
			*patience = tty.line.termios.c_cc[LINE_VTIME] *
				    (uint64_t)READ_TENTH;
	}
	spin_unlock(&tty.lock);
	return wanted < n ? wanted : (uint32_t)n;
}

static bool
read_has_news(struct thread *self, const struct file *file, uint32_t had)
{
	return tty_ready() != had || file_is_closed(file) ||
	       control_changed(self);
}

/*
 * Waits as VMIN and VTIME say: with VMIN, VTIME counts from byte to byte and
 * not before the first; without, from the start.  0: look at what is there, or
 * at whose the terminal is; 1: the time is over; -EINTR, -EBADF.
 */
static int
read_wait(struct thread *self, struct file *file, size_t n)
{
	uint64_t patience, deadline;
	uint32_t wanted = read_wanted(n, &patience), had;
	int error = 0;

	while ((had = tty_ready()) < (wanted ? wanted : 1) && !error &&
	       !control_changed(self)) {
		deadline = DEADLINE_NONE;
		if (patience != DEADLINE_NONE && (had || !wanted))
			deadline = arch_time_ns() + patience;
		error = WAIT_FOR(&tty.readable, self, SLEEP_INTERRUPTIBLE,
				 "the terminal", deadline,
				 read_has_news(self, file, had));
		if (!error && file_is_closed(file))
			return -EBADF;
	}
	return error == -ETIMEDOUT ? 1 : error;
}

/* ---- the call ---- */

/* One look, after the wait for it.  *over: there will be no more: what it gives
 * is the result. */
static int64_t
read_once(struct thread *self, struct file *file, struct uio *uio, bool *over)
{
	bool blocks = !(atomic_load(&file->flags) & KO_NONBLOCK), lost, ended;
	int result = blocks ? read_wait(self, file, uio->left) : 0;
	int64_t n;

	*over = result;
	if (result >= 0) {
		int error = control_may_read(self, &lost);

		*over |= error || lost;
		if (error || lost)
			return error;
	}
	if (result < 0)
		return result;
	n = read_take(uio, &ended);
	*over |= ended;
	return !blocks && !n && !ended ? -EAGAIN : n;
}

int64_t
tty_read(struct thread *self, struct file *file, struct uio *uio,
	 uint64_t *offset)
{
	bool over, lost;
	int64_t n;

	(void)offset;
	if ((file->mode & KS_IFMT) == KS_IFDIR)
		return -EISDIR;
	n = control_may_read(self, &lost);
	if (n || lost || !uio->left)
		return n;
	/* Another reader may have been quicker. */
	do
		n = read_once(self, file, uio, &over);
	while (!n && !over);
	return n;
}

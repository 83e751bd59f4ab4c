/*
 * tty: the terminal.  `tty:` and `tty:/console` open it.
 *
 * Called through the scheme table.  The rule: reading is peek, copy, consume,
 * under the mutex of readers, so that a bad pointer loses no byte and the
 * terminal's lock is never held while user memory is touched.
 */
#include "tty.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "arch/x86_64/arch.h"
#include "flat.h"
#include "life.h"
#include "usercopy.h"

#define TTY_PART  256u
#define TTY_TENTH 100000000u /* ns: the unit of VTIME */

static bool
tty_entry(unsigned n, struct flat_entry *entry)
{
	entry->name = "console";
	entry->mode = KS_IFCHR | 0600;
	return n == 0;
}

static const struct flat tty_flat = {
	.device = 0x747479,
	.entry = tty_entry,
};

static int
tty_init(void)
{
	console_init();
	return foreground_init();
}

static int
tty_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	struct place console = *at;
	int which;
	int error = flat_find(&tty_flat, at, &which);

	(void)mode;
	if (error)
		return error;
	console.start = NULL;
	if (which == FLAT_ROOT && !(flags & KO_DIRECTORY))
		console.path = "console";
	return flat_open(&tty_flat, &console, flags, file, &which);
}

static int
tty_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	(void)follow;
	return flat_stat(&tty_flat, at, stat);
}

static int
tty_fstat(struct file *file, struct abi_stat *stat)
{
	flat_fstat(&tty_flat, (int)file->number, stat);
	return 0;
}

static bool
tty_is_directory(const struct file *file)
{
	return (file->mode & KS_IFMT) == KS_IFDIR;
}

static int64_t
tty_getdents(struct file *file, struct uio *uio, uint64_t *offset)
{
	if (!tty_is_directory(file))
		return -ENOTDIR;
	return flat_getdents(&tty_flat, uio, offset);
}

static int64_t
tty_path_of(struct file *file, char *buf, size_t size)
{
	return flat_path_of(&tty_flat, (int)file->number, buf, size);
}

/* ---- reading ---- */

/* A part of what is there.  `reading` held.  *ended: no more for this read. */
static int64_t
tty_copy(struct uio *uio, bool *ended)
{
	size_t n = uio->left < TTY_PART ? uio->left : TTY_PART, got;
	uint32_t from, consume;
	char part[TTY_PART];
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
	spin_unlock(&tty.lock);
	return (int64_t)got;
}

/* All that one read may have of what is there: bytes; 0 with *ended: the end of
 * input; or -EFAULT. */
static int64_t
tty_take(struct uio *uio, bool *ended)
{
	int64_t n, done = 0;

	*ended = false;
	mutex_lock(&tty.reading);
	do {
		n = tty_copy(uio, ended);
		if (n > 0)
			done += n;
	} while (n > 0 && uio->left && !*ended);
	mutex_unlock(&tty.reading);
	return done || n > 0 ? done : n;
}

static uint32_t
tty_ready(void)
{
	uint32_t n;

	spin_lock(&tty.lock);
	n = line_ready(&tty.line);
	spin_unlock(&tty.lock);
	return n;
}

/* What a read of n bytes waits for: bytes, and for how long. */
static uint32_t
tty_wanted(size_t n, uint64_t *patience)
{
	uint32_t wanted = 1;

	*patience = DEADLINE_NONE;
	spin_lock(&tty.lock);
	if (!line_canonical(&tty.line)) {
		wanted = tty.line.termios.c_cc[LINE_VMIN];
		if (tty.line.termios.c_cc[LINE_VTIME] || !wanted)
			*patience = tty.line.termios.c_cc[LINE_VTIME] *
				    (uint64_t)TTY_TENTH;
	}
	spin_unlock(&tty.lock);
	return wanted < n ? wanted : (uint32_t)n;
}

static bool
tty_changed(const struct file *file, uint32_t had)
{
	return tty_ready() != had || atomic_load(&file->descs) == 0;
}

/*
 * Waits as VMIN and VTIME say: with VMIN, VTIME counts from byte to byte and
 * not before the first; without, from the start.  0: there is enough; 1: the
 * time is over; -EINTR, -EBADF.
 */
static int
tty_wait(struct thread *self, struct file *file, size_t n)
{
	uint64_t patience, deadline;
	uint32_t wanted = tty_wanted(n, &patience), had;
	int error = 0;

	while ((had = tty_ready()) < (wanted ? wanted : 1) && !error) {
		deadline = DEADLINE_NONE;
		if (patience != DEADLINE_NONE && (had || !wanted))
			deadline = arch_time_ns() + patience;
		error = WAIT_FOR(&tty.readable, self, SLEEP_INTERRUPTIBLE,
				 "the terminal", deadline,
				 tty_changed(file, had));
		if (!error && atomic_load(&file->descs) == 0)
			return -EBADF;
	}
	return error == -ETIMEDOUT ? 1 : error;
}

static int64_t
tty_read(struct thread *self, struct file *file, struct uio *uio,
	 uint64_t *offset)
{
	bool ended = false, blocks;
	int64_t n = 0;
	int over = 0;

	(void)offset;
	if (tty_is_directory(file))
		return -EISDIR;
	if (!uio->left)
		return 0;
	blocks = !(atomic_load(&file->flags) & KO_NONBLOCK);
	/* Another reader may have been quicker. */
	while (!n && !ended && !over) {
		if (blocks)
			over = tty_wait(self, file, uio->left);
		if (over < 0)
			return over;
		n = tty_take(uio, &ended);
		if (!blocks && !n && !ended)
			return -EAGAIN;
	}
	return n;
}

/* ---- writing ---- */

static int64_t
tty_write(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	char part[TTY_PART];
	int64_t done = 0;
	int error;
	size_t n;

	(void)offset;
	if (tty_is_directory(file))
		return -EISDIR;
	while (uio->left && !(done && self && signal_pending(self))) {
		n = uio->left < TTY_PART ? uio->left : TTY_PART;
		error = uio_take(uio, part, n);
		if (error)
			return done ? done : error;
		console_write(part, n);
		done += (int64_t)n;
		if (scheme_pause(self))
			break;
	}
	return done;
}

static unsigned
tty_poll(struct file *file, struct poll_table *table)
{
	if (tty_is_directory(file))
		return KPOLLIN | KPOLLOUT;
	poll_on(table, &tty.readable);
	return tty_ready() ? KPOLLIN | KPOLLOUT : KPOLLOUT;
}

static int
tty_control(struct thread *self, struct file *file, unsigned request,
	    uint64_t arg)
{
	return tty_is_directory(file) ? -ENOTTY
				      : tty_ioctl(self, file, request, arg);
}

/* Whoever still sleeps in a read of this file finds that it is closed. */
static void
tty_close(struct file *file)
{
	(void)file;
	waitq_wake(&tty.readable);
}

const struct scheme_ops tty_scheme = {
	.name = "tty",
	.init = tty_init,
	.open = tty_open,
	.stat = tty_stat,
	.read = tty_read,
	.write = tty_write,
	.getdents = tty_getdents,
	.fstat = tty_fstat,
	.poll = tty_poll,
	.ioctl = tty_control,
	.path_of = tty_path_of,
	.close = tty_close,
};

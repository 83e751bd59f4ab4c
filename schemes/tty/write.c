/*
 * Writing to the terminal.
 *
 * Called through tty.c's operations.  The rule: a write comes back when the
 * line has taken what it wrote, so that nothing is lost when the machine goes
 * off next; what was written stays written, so a signal or a bad pointer behind
 * the first part gives how much that was.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "file.h"
#include "life.h"
#include "thread.h"
#include "tty.h"
#include "usercopy.h"

#define WRITE_PART 64u

/* Has what was put in up to `head` gone? */
static bool
write_has_gone(uint32_t head)
{
	bool gone;

	spin_lock(&tty.lock);
	gone = (int32_t)(head - tty.out_tail) <= 0;
	spin_unlock(&tty.lock);
	return gone;
}

static uint32_t
write_head(void)
{
	uint32_t head;

	spin_lock(&tty.lock);
	head = tty.out_head;
	spin_unlock(&tty.lock);
	return head;
}

static bool
write_is_lost(struct thread *self)
{
	return control_standing(self->process) == CONTROL_LOST;
}

/* 0, -EINTR, -EIO: hung up meanwhile. */
static int
write_wait(struct thread *self, uint32_t head)
{
	int error = WAIT_FOR(&tty.writable, self, SLEEP_INTERRUPTIBLE,
			     "the terminal's output", DEADLINE_NONE,
			     write_has_gone(head) || write_is_lost(self));

	return error || write_has_gone(head) ? error : -EIO;
}

int
tty_drain(struct thread *self)
{
	return write_wait(self, write_head());
}

bool
tty_writable(void)
{
	bool writable;

	spin_lock(&tty.lock);
	writable = console_has_room();
	spin_unlock(&tty.lock);
	return writable;
}

static size_t
write_now(const char *bytes, size_t n)
{
	size_t taken;

	mutex_lock(&tty.writing);
	spin_lock(&tty.lock);
	taken = console_take(bytes, n);
	console_move();
	spin_unlock(&tty.lock);
	mutex_unlock(&tty.writing);
	return taken;
}

/* All of these, or as much as goes without waiting: how much. */
static int64_t
write_part(struct thread *self, const char *part, size_t n, bool waits)
{
	size_t done = 0;
	int error = 0;

	while (done < n && !error) {
		error = control_may_write(self, false);
		if (error)
			break;
		done += write_now(part + done, n - done);
		if (done < n)
			error = waits ? write_wait(self, write_head())
				      : -EAGAIN;
	}
	return done ? (int64_t)done : error;
}

int64_t
tty_write(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	bool waits = !(atomic_load(&file->flags) & KO_NONBLOCK);
	char part[WRITE_PART];
	int64_t done = 0, n = 0;
	size_t size;

	(void)offset;
	if ((file->mode & KS_IFMT) == KS_IFDIR)
		return -EISDIR;
	while (uio->left) {
		size = uio->left < WRITE_PART ? uio->left : WRITE_PART;
		n = uio_take(uio, part, size);
		if (!n)
			n = write_part(self, part, size, waits);
		done += n > 0 ? n : 0;
		if (n != (int64_t)size || scheme_pause(self) ||
		    signal_pending(self))
			break;
	}
	if (done && waits)
		write_wait(self, write_head());
	return done ? done : n;
}

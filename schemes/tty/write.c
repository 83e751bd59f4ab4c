/*
 * Writing to the terminal.
 *
 * Called through tty.c's operations.  The rule: what was written stays written:
 * a signal or a bad pointer behind the first part gives how much that was.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "file.h"
#include "life.h"
#include "thread.h"
#include "tty.h"
#include "usercopy.h"

#define WRITE_PART 256u

int64_t
tty_write(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	char part[WRITE_PART];
	int64_t done = 0;
	int error;
	size_t n;

	(void)offset;
	if ((file->mode & KS_IFMT) == KS_IFDIR)
		return -EISDIR;
	error = control_may_write(self, false);
	if (error)
		return error;
	while (uio->left && !(done && signal_pending(self))) {
		n = uio->left < WRITE_PART ? uio->left : WRITE_PART;
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

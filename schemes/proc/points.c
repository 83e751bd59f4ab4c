/*
 * proc:/<pid>/points: its breakpoints and watchpoints, `what where hits owner`
 * a line.  Nothing makes any, so there is no line.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"

static int
make(struct text_buffer *buffer, void *arg)
{
	const struct handle *handle = arg;

	(void)buffer;
	return atomic_load(&handle->spot.process->state) >= PROCESS_ZOMBIE
		       ? -ESRCH
		       : 0;
}

const struct proc_row points_row = {
	.name = "points",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make,
};

/*
 * proc:/<pid>/args: the arguments that its image was started with, one a line,
 * %-escaped.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "text.h"

/* A copy of the strings, for they change with the image.  NULL with *size 0:
 * there are none. */
static char *
copy_args(struct process *process, size_t *size, int *error)
{
	char *copy = NULL;

	*error = 0;
	spin_lock(&process->lock);
	*size = process->args ? process->args_size : 0;
	if (*size) {
		copy = heap_alloc(*size);
		if (copy)
			memcpy(copy, process->args, *size);
		else
			*error = -ENOMEM;
	}
	spin_unlock(&process->lock);
	return copy;
}

static int
make(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	size_t size;
	int error;
	char *args;

	if (atomic_load(&handle->spot.process->state) == PROCESS_REAPED)
		return -ESRCH;
	args = copy_args(handle->spot.process, &size, &error);
	if (error)
		return error;
	for (size_t at = 0; at < size; at += strlen(args + at) + 1) {
		text_word(buffer, args + at);
		text_printf(buffer, "\n");
	}
	heap_free(args);
	return 0;
}

const struct proc_row args_row = {
	.name = "args",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = make,
};

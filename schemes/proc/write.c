/*
 * What is written to the text files of proc:: whole lines, taken in order.
 * Called by trace.c, ctl.c and regs.c.
 *
 * Everything is copied before anything is done: a line is judged on what the
 * kernel has, not on memory that its writer's neighbour may still change.
 */
#include "proc.h"
#include "refused.h"
#include "abi/errno.h"
#include "heap.h"
#include "text.h"

char *
proc_copy_write(struct uio *uio, size_t max, char *small, size_t small_size,
		int *error)
{
	char *copy = small;
	size_t size = uio->left;

	*error = -E2BIG;
	if (size > max)
		return NULL;
	*error = -ENOMEM;
	if (size > small_size)
		copy = heap_alloc(size);
	if (!copy)
		return NULL;
	*error = uio_take(uio, copy, size);
	if (!*error)
		return copy;
	if (copy != small)
		heap_free(copy);
	return NULL;
}

static int64_t
each_line(char *text, size_t size, int (*line)(char *, size_t, void *),
	  void *arg)
{
	size_t done = 0;

	while (done < size) {
		char *start = text + done;
		char *end = memchr(start, '\n', size - done);
		int error = line(start, (size_t)(end - start), arg);

		if (error)
			return done ? (int64_t)done : error;
		done = (size_t)(end - text) + 1;
	}
	return (int64_t)done;
}

int64_t
proc_write_lines(struct thread *self, struct uio *uio, size_t max,
		 int (*line)(char *text, size_t length, void *arg), void *arg)
{
	char small[256];
	size_t size = uio->left;
	int64_t result;
	int error;
	char *text;

	if (size == 0)
		return 0;
	text = proc_copy_write(uio, max, small, sizeof(small), &error);
	if (!text)
		return error;
	if (text[size - 1] == '\n')
		result = each_line(text, size, line, arg);
	else
		result = refused_end(self);
	if (text != small)
		heap_free(text);
	return result;
}

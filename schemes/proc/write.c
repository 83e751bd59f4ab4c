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
		return refused(self, "write", error);
	if (text[size - 1] == '\n')
		result = each_line(text, size, line, arg);
	else
		result = refused_word(self, "line", -EINVAL,
				      "no newline at its end", NULL, 0);
	if (text != small)
		heap_free(text);
	return result;
}

static size_t
skip(const char *line, size_t length, size_t at, const char *set)
{
	while (at < length && strchr(set, line[at]))
		at++;
	return at;
}

static size_t
word_end(const char *line, size_t length, size_t at)
{
	while (at < length && !strchr(" \t=", line[at]))
		at++;
	return at;
}

int
proc_setting(struct thread *self, const char *what, const char *line,
	     size_t length, struct setting *setting)
{
	size_t name = skip(line, length, 0, " \t");
	size_t name_end = word_end(line, length, name);
	size_t value = skip(line, length, name_end, " \t=");
	size_t value_end = word_end(line, length, value);

	if (memchr(line, '\0', length) || value == value_end ||
	    skip(line, length, value_end, " \t") != length)
		return refused_word(self, what, -EINVAL, "no NAME VALUE", line,
				    length);
	*setting = (struct setting){line + name, line + value, name_end - name,
				    value_end - value};
	return 0;
}

bool
setting_is(const struct setting *setting, const char *name)
{
	return strlen(name) == setting->name_length &&
	       memcmp(name, setting->name, setting->name_length) == 0;
}

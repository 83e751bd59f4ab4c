/*
 * Bytes that grow, and the way a host tool gives up.
 *
 * Used by every tool of this folder.  Running out of memory ends the program,
 * so nobody checks for it.
 */
#include "buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn void
die(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fputs("proctor: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	exit(125);
}

static char *
buffer_grow(struct buffer *b, size_t size)
{
	if (b->room - b->used < size) {
		size_t room = (b->used + size) * 2;

		b->data = realloc(b->data, room);
		if (b->data == NULL)
			die("out of memory");
		b->room = room;
	}
	b->used += size;
	return b->data + b->used - size;
}

void
buffer_add(struct buffer *b, const void *data, size_t size)
{
	if (size > 0)
		memcpy(buffer_grow(b, size), data, size);
}

void
buffer_zero(struct buffer *b, size_t size)
{
	if (size > 0)
		memset(buffer_grow(b, size), 0, size);
}

void
buffer_text(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void
buffer_free(struct buffer *b)
{
	free(b->data);
	*b = (struct buffer){0};
}

int
buffer_read_all(struct buffer *b, int fd)
{
	char piece[65536];
	ssize_t got;

	for (;;) {
		got = read(fd, piece, sizeof piece);
		if (got == 0)
			return 0;
		if (got > 0)
			buffer_add(b, piece, (size_t)got);
		else if (errno != EINTR)
			return -errno;
	}
}

int
buffer_load(struct buffer *b, const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int error;

	if (fd < 0)
		return -errno;
	error = buffer_read_all(b, fd);
	close(fd);
	return error;
}

int
buffer_store(int fd, const void *data, size_t size)
{
	const char *left = data;
	ssize_t put;

	while (size > 0) {
		put = write(fd, left, size);
		if (put < 0 && errno != EINTR)
			return -errno;
		if (put > 0) {
			left += put;
			size -= (size_t)put;
		}
	}
	return 0;
}

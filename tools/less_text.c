/*
 * The file that less shows, as lines.
 *
 * It is read as far as somebody looks, so that the output of a program that
 * goes on for ever can be looked at too.
 */
#include "less.h"
#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct less_line *less_lines;
static size_t less_count, less_room;
static int less_fd = -1;
static bool less_ended;
static struct less_line less_part; /* its end has not come yet */
static size_t less_part_room;

void
less_open(int fd)
{
	size_t i;

	for (i = 0; i < less_count; i++)
		free(less_lines[i].text);
	if (less_fd >= 0)
		close(less_fd);
	less_count = less_part.length = 0;
	less_fd = fd;
	less_ended = false;
}

static void
less_keep(const char *text, size_t length)
{
	if (less_part.length + length > less_part_room) {
		less_part_room = (less_part.length + length) * 2;
		less_part.text = util_grow(less_part.text, less_part_room);
	}
	if (length > 0)
		memcpy(less_part.text + less_part.length, text, length);
	less_part.length += length;
}

static void
less_finish_line(void)
{
	struct less_line *line;

	if (less_count == less_room) {
		less_room = less_room * 2 + 256;
		less_lines =
			util_grow(less_lines, less_room * sizeof *less_lines);
	}
	line = &less_lines[less_count++];
	line->length = less_part.length;
	line->text = util_alloc(line->length + 1);
	if (line->length > 0)
		memcpy(line->text, less_part.text, line->length);
	line->text[line->length] = '\0';
	less_part.length = 0;
}

static void
less_read_piece(void)
{
	static char piece[16384];
	const char *at = piece, *end, *stop;
	ssize_t got = read(less_fd, piece, sizeof piece);

	if (got < 0 && errno == EINTR)
		return;
	if (got <= 0) {
		if (less_part.length > 0)
			less_finish_line();
		less_ended = true;
		return;
	}
	end = piece + got;
	for (; (stop = memchr(at, '\n', (size_t)(end - at))) != NULL;
	     at = stop + 1) {
		less_keep(at, (size_t)(stop - at));
		less_finish_line();
	}
	less_keep(at, (size_t)(end - at));
}

const struct less_line *
less_line(size_t number)
{
	while (number >= less_count && !less_ended)
		less_read_piece();
	return number < less_count ? &less_lines[number] : NULL;
}

size_t
less_read_all(void)
{
	while (!less_ended && !less_key_waits())
		less_read_piece();
	return less_count;
}

bool
less_all_read(void)
{
	return less_ended;
}

/*
 * tail [-n [+]N | -c [+]N] [-fqv] [FILE]...: the end of files.
 *
 * The end of an ordinary file is looked for from behind; of anything else all
 * is read and the last part kept.  Nothing tells of a file that grows: -f looks
 * again four times a second.
 */
#include "text.h"
#include "util.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char tail_usage[] =
	"usage: tail [-n [+]N | -c [+]N] [-fqv] [FILE]...\n"
	"Prints the last 10 lines of each file.\n"
	"  -n N, -N  the last N lines; +N: from line N on\n"
	"  -c N      the last N bytes; +N: from byte N on\n"
	"  -f        goes on with what is added to the files\n"
	"  -q, -v    never, always with the file's name above\n";

enum { TAIL_PIECE = 65536, TAIL_LOOK_NS = 250000000 };

struct tail_file {
	const char *name;
	int fd;
	bool regular;
};

static long long tail_count = 10;
static bool tail_bytes, tail_from, tail_named;
static const char *tail_shown; /* whose text was printed last */
static char tail_piece[TAIL_PIECE];

static void
tail_title(const char *name)
{
	if (tail_named && tail_shown != name)
		printf("%s==> %s <==\n", tail_shown != NULL ? "\n" : "",
		       strcmp(name, "-") == 0 ? "standard input" : name);
	tail_shown = name;
}

/* Copies the rest of the file. */
static void
tail_copy(const struct tail_file *file)
{
	ssize_t got;

	while (util_printed() &&
	       (got = text_read(file->fd, tail_piece, TAIL_PIECE, file->name)) >
		       0) {
		tail_title(file->name);
		text_put(tail_piece, (size_t)got);
	}
}

/* Leaves out what stands before the N-th line or byte. */
static void
tail_skip(const struct tail_file *file)
{
	long long left = tail_count - 1;
	ssize_t got;
	size_t at;

	while (left > 0) {
		got = text_read(file->fd, tail_piece, TAIL_PIECE, file->name);
		if (got <= 0)
			return;
		for (at = 0; at < (size_t)got && left > 0; at++)
			left -= tail_bytes || tail_piece[at] == '\n';
		if (left <= 0)
			text_put(tail_piece + at, (size_t)got - at);
	}
}

/* Where the last lines or bytes of these begin. */
static size_t
tail_begin(const char *data, size_t size)
{
	long long lines = 0;
	size_t at = size;

	if (tail_bytes)
		return tail_count < (long long)size ? size - (size_t)tail_count
						    : 0;
	if (tail_count == 0)
		return size;
	if (at > 0 && data[at - 1] == '\n')
		at--;
	for (; at > 0; at--)
		if (data[at - 1] == '\n' && ++lines == tail_count)
			break;
	return at;
}

/* Reads all, keeps the last. */
static void
tail_keep(const struct tail_file *file)
{
	size_t size = 0, room = 4 * TAIL_PIECE, begin;
	char *data = util_alloc(room);
	ssize_t got;

	while ((got = text_read(file->fd, data + size, room - size,
				file->name)) > 0) {
		size += (size_t)got;
		if (room - size >= TAIL_PIECE)
			continue;
		begin = tail_begin(data, size);
		memmove(data, data + begin, size - begin);
		size -= begin;
		if (size > room / 2)
			data = util_grow(data, room *= 2);
	}
	begin = tail_begin(data, size);
	text_put(data + begin, size - begin);
	free(data);
}

/* Where in a file that ends at `end` the last lines begin; -1: it failed. */
static off_t
tail_search(const struct tail_file *file, off_t end)
{
	off_t at = end;
	long long lines = 0;
	ssize_t size, i;

	while (at > 0) {
		size = at > TAIL_PIECE ? TAIL_PIECE : (ssize_t)at;
		at -= size;
		if (lseek(file->fd, at, SEEK_SET) < 0)
			return -1;
		size = text_read(file->fd, tail_piece, (size_t)size,
				 file->name);
		if (size < 0)
			return -1;
		for (i = size; i > 0; i--)
			if (tail_piece[i - 1] == '\n' && at + i < end &&
			    ++lines == tail_count)
				return at + i;
	}
	return 0;
}

/* true if the file stands at its last part now. */
static bool
tail_seek(const struct tail_file *file)
{
	off_t begin, here = lseek(file->fd, 0, SEEK_CUR);
	off_t end = lseek(file->fd, 0, SEEK_END);

	if (here != 0 || end <= 0) {
		lseek(file->fd, here, SEEK_SET);
		return false;
	}
	if (tail_bytes)
		begin = tail_count < end ? end - tail_count : 0;
	else
		begin = tail_count > 0 ? tail_search(file, end) : end;
	return lseek(file->fd, begin < 0 ? end : begin, SEEK_SET) >= 0;
}

static void
tail_show(const struct tail_file *file)
{
	if (tail_named)
		tail_title(file->name);
	tail_shown = file->name;
	if (tail_from)
		tail_skip(file);
	else if (!file->regular || !tail_seek(file))
		tail_keep(file);
	tail_copy(file);
}

static bool
tail_open(struct tail_file *file, const char *name)
{
	struct stat st;

	file->name = name;
	file->fd = text_open_fd(name);
	if (file->fd < 0)
		return false;
	file->regular = fstat(file->fd, &st) == 0 && S_ISREG(st.st_mode);
	return true;
}

/* A file that has become shorter is shown from its beginning. */
static void
tail_look(const struct tail_file *file)
{
	off_t here = lseek(file->fd, 0, SEEK_CUR);
	struct stat st;

	if (here > 0 && fstat(file->fd, &st) == 0 && st.st_size > 0 &&
	    st.st_size < here) {
		util_say("%s: became shorter", file->name);
		lseek(file->fd, 0, SEEK_SET);
	}
	tail_copy(file);
}

/* Ends when there is nothing left to wait for, or nobody who reads. */
static void
tail_follow(const struct tail_file *files, size_t count)
{
	const struct timespec pause = {.tv_nsec = TAIL_LOOK_NS};
	size_t i, growing = 0;

	for (i = 0; i < count; i++)
		growing += files[i].regular;
	while (growing > 0 && fflush(stdout) == 0) {
		nanosleep(&pause, NULL);
		for (i = 0; i < count; i++)
			if (files[i].regular)
				tail_look(&files[i]);
	}
}

static void
tail_set_count(int option, const char *text)
{
	tail_bytes = option == 'c';
	tail_from = *text == '+';
	tail_count = util_number(text + (*text == '+' || *text == '-'), 0,
				 LLONG_MAX, "number");
}

static void
tail_add_digit(int digit)
{
	static long long number;

	tail_bytes = tail_from = false;
	tail_count = number = number % 100000000 * 10 + digit - '0';
}

int
main(int argc, char **argv)
{
	static char input[] = "-", *only[] = {input, NULL};
	struct tail_file *files;
	size_t count = 0;
	bool follow = false;
	int c, name = 0;

	util_start("tail", tail_usage);
	while ((c = util_option(argv, "n:c:fqv0123456789")) >= 0) {
		if (c == 'n' || c == 'c')
			tail_set_count(c, optarg);
		else if (c == 'f')
			follow = true;
		else if (c == 'q' || c == 'v')
			name = c;
		else
			tail_add_digit(c);
	}
	tail_named = name == 'v' || (name == 0 && argc - optind > 1);
	files = util_alloc((size_t)(argc - optind + 1) * sizeof *files);
	argv = argv[optind] != NULL ? argv + optind : only;
	for (; *argv != NULL; argv++) {
		if (!tail_open(&files[count], *argv))
			continue;
		tail_show(&files[count]);
		if (follow)
			count++;
		else
			text_close_fd(files[count].fd);
	}
	tail_follow(files, count);
	return util_end();
}

/*
 * head [-n N | -c N] [-qv] [FILE]...: the beginning of files.
 *
 * What is read too far of a file that can be sought is given back, so that the
 * next reader of the same descriptor goes on behind the last line.
 */
#include "text.h"
#include "util.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

static const char head_usage[] =
	"usage: head [-n N | -c N] [-qv] [FILE]...\n"
	"Prints the first 10 lines of each file.\n"
	"  -n N, -N  the first N lines\n"
	"  -c N      the first N bytes\n"
	"  -q, -v    never, always with the file's name above\n";

static long long head_count = 10;
static bool head_bytes, head_named, head_before;

/* How many bytes of the piece are wanted; takes them off *left. */
static size_t
head_take(const char *piece, size_t size, long long *left)
{
	const char *at = piece, *end = piece + size;

	if (head_bytes) {
		size = *left < (long long)size ? (size_t)*left : size;
		*left -= (long long)size;
		return size;
	}
	for (; *left > 0 && at < end; (*left)--) {
		const char *line = memchr(at, '\n', (size_t)(end - at));

		if (line == NULL)
			return size;
		at = line + 1;
	}
	return (size_t)(at - piece);
}

static void
head_copy(int fd, const char *name)
{
	static char piece[16384];
	long long left = head_count;
	ssize_t got;
	size_t used;

	while (left > 0 && util_printed()) {
		got = text_read(fd, piece, sizeof piece, name);
		if (got <= 0)
			return;
		used = head_take(piece, (size_t)got, &left);
		text_put(piece, used);
		if (used < (size_t)got)
			lseek(fd, (off_t)used - got, SEEK_CUR);
	}
}

static void
head_file(const char *name)
{
	int fd = text_open_fd(name);

	if (fd < 0)
		return;
	if (head_named)
		printf("%s==> %s <==\n", head_before ? "\n" : "",
		       fd == STDIN_FILENO ? "standard input" : name);
	head_before = true;
	head_copy(fd, name);
	text_close_fd(fd);
}

int
main(int argc, char **argv)
{
	int c, name = 0;
	bool digits = false;

	util_start("head", head_usage);
	while ((c = util_option(argv, "n:c:qv0123456789")) >= 0) {
		if (c == 'n' || c == 'c') {
			head_bytes = c == 'c';
			head_count =
				util_number(optarg, 0, LLONG_MAX, "number");
		} else if (c == 'q' || c == 'v') {
			name = c;
		} else {
			head_bytes = false;
			head_count = (digits ? head_count % 100000000 : 0) * 10;
			head_count += c - '0';
			digits = true;
		}
	}
	head_named = name == 'v' || (name == 0 && argc - optind > 1);
	text_each(argv + optind, head_file);
	return util_end();
}

/*
 * cmp [-ls] FILE1 [FILE2]: compares two files byte by byte.
 *
 * Equal pieces are compared whole; only where they differ are bytes looked at.
 */
#include "text.h"
#include "util.h"

#include <string.h>
#include <unistd.h>

static const char cmp_usage[] =
	"usage: cmp [-ls] FILE1 [FILE2]\n"
	"Says where two files differ first; without FILE2 compares with "
	"stdin.\n"
	"  -l  all bytes that differ: place from 1, both in octal\n"
	"  -s  nothing: the status alone, 0 if they are equal, else 1\n";

struct cmp_file {
	const char *name;
	int fd;
	unsigned char piece[65536];
	size_t at, size;
};

static bool cmp_list, cmp_silent;
static bool cmp_differ;

/* Has the file more?  Bytes of it are at `at` then. */
static bool
cmp_fill(struct cmp_file *file)
{
	ssize_t got;

	if (file->at < file->size)
		return true;
	got = text_read(file->fd, file->piece, sizeof file->piece, file->name);
	if (got < 0)
		util_die("cannot compare");
	file->at = 0;
	file->size = (size_t)got;
	return got > 0;
}

/* true: on, to find more. */
static bool
cmp_found(const struct cmp_file *a, const struct cmp_file *b,
	  unsigned long long place, unsigned long long lines)
{
	cmp_differ = true;
	if (cmp_silent)
		return false;
	if (!cmp_list) {
		printf("%s %s differ: char %llu, line %llu\n", a->name, b->name,
		       place, lines);
		return false;
	}
	printf("%llu %3o %3o\n", place, a->piece[a->at], b->piece[b->at]);
	return util_printed();
}

static size_t
cmp_lines(const unsigned char *data, size_t size)
{
	size_t lines = 0, i;

	for (i = 0; i < size; i++)
		lines += data[i] == '\n';
	return lines;
}

/* Compares what both have in memory; adds to *place and *lines. */
static bool
cmp_piece(struct cmp_file *a, struct cmp_file *b, unsigned long long *place,
	  unsigned long long *lines)
{
	size_t left = a->size - a->at, other = b->size - b->at;

	if (other < left)
		left = other;
	if (memcmp(a->piece + a->at, b->piece + b->at, left) == 0) {
		*lines += cmp_lines(a->piece + a->at, left);
		*place += left;
		a->at += left;
		b->at += left;
		return true;
	}
	for (; left > 0; left--, a->at++, b->at++) {
		++*place;
		if (a->piece[a->at] != b->piece[b->at] &&
		    !cmp_found(a, b, *place, *lines))
			return false;
		*lines += a->piece[a->at] == '\n';
	}
	return true;
}

static void
cmp_run(struct cmp_file *a, struct cmp_file *b)
{
	unsigned long long place = 0, lines = 1;
	bool more_a, more_b;

	for (;;) {
		more_a = cmp_fill(a);
		more_b = cmp_fill(b);
		if (!more_a || !more_b)
			break;
		if (!cmp_piece(a, b, &place, &lines))
			return;
	}
	if (more_a == more_b)
		return;
	cmp_differ = true;
	if (!cmp_silent)
		util_say("EOF on %s after byte %llu", (more_a ? b : a)->name,
			 place);
}

int
main(int argc, char **argv)
{
	static struct cmp_file a, b;
	int c;

	util_start("cmp", cmp_usage);
	while ((c = util_option(argv, "ls")) >= 0) {
		cmp_list |= c == 'l';
		cmp_silent |= c == 's';
	}
	if (argc - optind < 1 || argc - optind > 2)
		util_usage();
	a.name = argv[optind];
	b.name = argc - optind == 2 ? argv[optind + 1] : "-";
	a.fd = text_open_fd(a.name);
	b.fd = text_open_fd(b.name);
	if (a.fd < 0 || b.fd < 0)
		return util_trouble;
	cmp_run(&a, &b);
	if (util_end() != 0 && !cmp_differ)
		return util_trouble;
	return cmp_differ;
}

/*
 * od [-bcdosxv] [-A RADIX] [-j SKIP] [-N COUNT] [-t TYPE] [FILE]...: bytes in
 * numbers.
 */
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char od_usage[] =
	"usage: od [-bcdosxv] [-A RADIX] [-j SKIP] [-N COUNT] [-t TYPE]... "
	"[FILE]...\n"
	"Prints the bytes of files as numbers, 16 in a line.\n"
	"  -t TYPE   a, c: characters; d, o, u, x and a size of 1, 2, 4, 8\n"
	"  -b -c -d -o -s -x  -t o1, c, u2, o2, d2, x2\n"
	"  -A RADIX  of the offset: d, o, x, n for none\n"
	"  -j SKIP   bytes are passed over\n"
	"  -N COUNT  bytes at most\n"
	"  -v        equal lines too, which are a * otherwise\n";

#define OD_LINE	 16
#define OD_TYPES 16

struct type {
	char kind; /* a c d o u x */
	unsigned size;
};

static struct type types[OD_TYPES];
static size_t type_count;
static char radix = 'o';
static bool verbose;

static void
add_type(char kind, unsigned size)
{
	if (type_count == OD_TYPES)
		util_die("at most %d types", OD_TYPES);
	types[type_count++] = (struct type){kind, size};
}

static void
parse_types(const char *text)
{
	const char *at = text;
	static const struct {
		char letter;
		unsigned size;
	} sizes[] = {{'C', 1}, {'S', 2}, {'I', 4}, {'L', 8}};

	while (*at != '\0') {
		char kind = *at++;
		unsigned size = kind == 'a' || kind == 'c' ? 1 : 4;
		size_t i;

		if (strchr("acdoux", kind) == NULL)
			util_die("no such type: '%s'", text);
		if (isdigit((unsigned char)*at)) {
			size = (unsigned)strtoul(at, NULL, 10);
			while (isdigit((unsigned char)*at))
				at++;
		}
		for (i = 0; i < 4; i++)
			if (*at != '\0' && sizes[i].letter == *at) {
				size = sizes[i].size;
				at++;
				break;
			}
		if (size != 1 && size != 2 && size != 4 && size != 8)
			util_die("no such size: '%s'", text);
		add_type(kind, size);
	}
}

/* Columns that one value takes. */
static int
width_of(const struct type *type)
{
	static const int decimal[] = {[1] = 4, [2] = 6, [4] = 11, [8] = 20};
	static const int octal[] = {[1] = 3, [2] = 6, [4] = 11, [8] = 22};

	switch (type->kind) {
	case 'a':
	case 'c':
		return 3;
	case 'd':
		return decimal[type->size];
	case 'u':
		return type->size == 1	 ? 3
		       : type->size == 2 ? 5
		       : type->size == 4 ? 10
					 : 20;
	case 'x':
		return (int)type->size * 2;
	default:
		return octal[type->size];
	}
}

static void
print_character(char kind, unsigned byte)
{
	static const char *const names[] = {
		"nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs",
		"ht",  "nl",  "vt",  "ff",  "cr",  "so",  "si",	 "dle", "dc1",
		"dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em",	"sub",
		"esc", "fs",  "gs",  "rs",  "us",  "sp"};
	static const char escapes[] = "\0000\aa\bb\tt\nn\vv\ff\rr";
	size_t i;

	if (kind == 'a') {
		byte &= 0x7f;
		if (byte <= ' ')
			printf(" %3s", names[byte]);
		else if (byte == 0x7f)
			printf(" del");
		else
			printf("   %c", (int)byte);
		return;
	}
	for (i = 0; i + 1 < sizeof escapes; i += 2)
		if ((unsigned char)escapes[i] == byte) {
			printf("  \\%c", escapes[i + 1]);
			return;
		}
	if (isprint((int)byte))
		printf("   %c", (int)byte);
	else
		printf(" %03o", byte);
}

static void
print_value(const struct type *type, const unsigned char *bytes, int width)
{
	uint64_t value = 0;
	int64_t number;
	unsigned i, shift = 64 - type->size * 8;

	for (i = type->size; i-- > 0;)
		value = value << 8 | bytes[i];
	number = (int64_t)(value << shift) >> shift;
	switch (type->kind) {
	case 'd':
		printf(" %*" PRId64, width, number);
		break;
	case 'u':
		printf(" %*" PRIu64, width, value);
		break;
	case 'x':
		printf(" %*s%0*" PRIx64, width - (int)type->size * 2, "",
		       (int)type->size * 2, value);
		break;
	default:
		printf(" %*s%0*" PRIo64, width - width_of(type), "",
		       width_of(type), value);
	}
}

/* Columns for each byte, so that all types stand below each other. */
static int
columns_for(unsigned size)
{
	int most = 0;
	size_t i;

	for (i = 0; i < type_count; i++) {
		int per = (width_of(&types[i]) + 1) * (int)(8 / types[i].size);

		most = per > most ? per : most;
	}
	return most * (int)size / 8;
}

static void
print_offset(long long offset)
{
	if (radix == 'd')
		printf("%07lld", offset);
	else if (radix == 'x')
		printf("%06llx", (unsigned long long)offset);
	else if (radix == 'o')
		printf("%07llo", (unsigned long long)offset);
}

static void
print_type(const struct type *type, const unsigned char *bytes, size_t size)
{
	int columns = columns_for(type->size);
	int width = width_of(type);
	size_t i;

	for (i = 0; i < size; i += type->size) {
		if (type->kind == 'a' || type->kind == 'c') {
			printf("%*s", columns - 4, "");
			print_character(type->kind, bytes[i]);
		} else {
			printf("%*s", columns - width - 1, "");
			print_value(type, bytes + i, width);
		}
	}
	putchar('\n');
}

static void
print_line(const unsigned char *bytes, size_t size, long long offset)
{
	size_t i;

	for (i = 0; i < type_count; i++) {
		if (i == 0)
			print_offset(offset);
		else if (radix != 'n')
			printf("%*s", radix == 'x' ? 6 : 7, "");
		print_type(&types[i], bytes, size);
	}
}

/* ---- the input: all files as one ---- */

static char **files;
static int file = -1;

static int
next_byte(void)
{
	static unsigned char piece[16384];
	static ssize_t used, at;

	while (at == used) {
		static char input[] = "-";

		if (file < 0) {
			if (*files == NULL)
				return EOF;
			file = text_open_fd(*files ? *files : input);
			if (file < 0) {
				files++;
				continue;
			}
		}
		used = text_read(file, piece, sizeof piece, *files);
		at = 0;
		if (used <= 0) {
			used = 0;
			text_close_fd(file);
			file = -1;
			files++;
		}
	}
	return piece[at++];
}

static void
dump(long long skip, long long most)
{
	unsigned char bytes[OD_LINE], before[OD_LINE];
	long long offset = skip;
	bool repeated = false, first = true;
	size_t n;
	int c = 0;

	while (skip-- > 0)
		if (next_byte() == EOF)
			util_die("the input is shorter than that");
	do {
		memset(bytes, 0, sizeof bytes);
		for (n = 0; n < OD_LINE && most > 0 && (c = next_byte()) != EOF;
		     n++, most--)
			bytes[n] = (unsigned char)c;
		if (n == OD_LINE && !first && !verbose &&
		    memcmp(bytes, before, OD_LINE) == 0) {
			if (!repeated)
				puts("*");
			repeated = true;
		} else if (n > 0) {
			print_line(bytes, n, offset);
			repeated = false;
		}
		first = false;
		memcpy(before, bytes, OD_LINE);
		offset += (long long)n;
	} while (n == OD_LINE && util_printed());
	if (radix != 'n') {
		print_offset(offset);
		putchar('\n');
	}
}

int
main(int argc, char **argv)
{
	static const struct {
		char letter, kind;
		unsigned size;
	} short_types[] = {{'b', 'o', 1}, {'c', 'c', 1}, {'d', 'u', 2},
			   {'o', 'o', 2}, {'s', 'd', 2}, {'x', 'x', 2}};
	static char input[] = "-";
	static char *only_input[] = {input, NULL};
	long long skip = 0, most = LLONG_MAX;
	int c;
	size_t i;

	(void)argc;
	util_start("od", od_usage);
	util_trouble = 1;
	while ((c = util_option(argv, "bcdosxvA:j:N:t:")) >= 0) {
		for (i = 0; i < sizeof short_types / sizeof *short_types; i++)
			if (short_types[i].letter == c)
				add_type(short_types[i].kind,
					 short_types[i].size);
		if (c == 'A' &&
		    (strlen(optarg) != 1 || strchr("doxn", *optarg) == NULL))
			util_die("no such radix: '%s'", optarg);
		if (c == 'A')
			radix = *optarg;
		else if (c == 'j')
			skip = util_number(optarg, 0, LLONG_MAX, "skip");
		else if (c == 'N')
			most = util_number(optarg, 0, LLONG_MAX, "count");
		else if (c == 't')
			parse_types(optarg);
		else
			verbose |= c == 'v';
	}
	if (type_count == 0)
		add_type('o', 2);
	files = argv[optind] == NULL ? only_input : argv + optind;
	dump(skip, most);
	return util_end();
}

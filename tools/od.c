/*
 * od [-A BASE] [-t TYPE]... [-j N] [-N N] [-w N] [-v] [FILE]...: files as
 * numbers.
 *
 * All files are one row of bytes.  Each line of it is printed once for each
 * type; the columns of all types are spread over the same width.
 */
#include "names.h"
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char od_usage[] =
	"usage: od [-A BASE] [-t TYPE]... [-abcdosx] [-j N] [-N N] [-w N] "
	"[-v]\n"
	"\t[FILE]...\n"
	"Prints files as numbers, 16 bytes a line.\n"
	"  -A BASE  places in d(ecimal), o(ctal), (he)x, n(one)\n"
	"  -t TYPE  a names of characters, c characters; d, u, o, x: signed,\n"
	"           unsigned, octal, hexadecimal, of 1, 2, 4 or 8 bytes;\n"
	"           z behind it: also what can be printed\n"
	"  -a -b -c -d -o -s -x  as -t a, o1, c, u2, o2, d2, x2\n"
	"  -j N, -N N  leaves N bytes out first; N bytes at most\n"
	"  -w N     N bytes a line\n"
	"  -v       equal lines too, not a * for them\n"
	"N may be hexadecimal (0x), octal (0), and have b (512), k or m "
	"behind.\n";

enum { OD_TYPES = 16, OD_LINE_MOST = 4096 };

struct od_type {
	char kind;
	unsigned size, width;
	bool text;
};

static struct od_type od_types[OD_TYPES];
static size_t od_count, od_line = 16;
static char od_base = 'o';
static bool od_all;
static uint64_t od_skip, od_most = UINT64_MAX;
static char **od_files;
static int od_fd = -1;
static bool od_opened;

/* ---- input ---- */

/* The next file that can be opened, if none is open. */
static void
od_open(void)
{
	for (; od_fd < 0 && *od_files != NULL; od_files += od_fd < 0)
		od_fd = text_open_fd(*od_files);
	od_opened |= od_fd >= 0;
}

/* Up to size bytes; fewer at the end of all files only. */
static size_t
od_read(unsigned char *data, size_t size)
{
	size_t done = 0;
	ssize_t got;

	for (od_open(); done < size && od_fd >= 0; od_open()) {
		got = text_read(od_fd, data + done, size - done, *od_files);
		if (got > 0) {
			done += (size_t)got;
			continue;
		}
		text_close_fd(od_fd);
		od_fd = -1;
		od_files++;
	}
	return done;
}

/* Goes on in the file without reading: what is left out, of a process' memory,
 * need not be readable.  false: the file may be no longer than that. */
static bool
od_seek(uint64_t count)
{
	off_t here = od_fd < 0 ? -1 : lseek(od_fd, 0, SEEK_CUR);
	char byte;

	if (here < 0 || count > (uint64_t)(INT64_MAX - here))
		return false;
	here += (off_t)count;
	return pread(od_fd, &byte, 1, here) == 1 &&
	       lseek(od_fd, here, SEEK_SET) == here;
}

static void
od_leave_out(void)
{
	static unsigned char piece[4096];
	uint64_t left = od_skip;
	size_t got;

	od_open();
	if (od_seek(left))
		return;
	while (left > 0) {
		got = od_read(piece, left < sizeof piece ? (size_t)left
							 : sizeof piece);
		if (got == 0) {
			util_trouble = 1;
			util_die("there are not so many bytes to leave out");
		}
		left -= got;
	}
}

/* ---- output ---- */

static void
od_print_place(uint64_t place, const char *end)
{
	if (od_base == 'd')
		printf("%07llu", (unsigned long long)place);
	else if (od_base == 'o')
		printf("%07llo", (unsigned long long)place);
	else if (od_base == 'x')
		printf("%06llx", (unsigned long long)place);
	fputs(end, stdout);
}

static const char *
od_character(unsigned char c, char *text)
{
	static const char escapes[] = "\0\a\b\f\n\r\t\v";
	static const char letters[] = "0abfnrtv";
	const char *found = memchr(escapes, c, sizeof escapes - 1);

	if (found != NULL)
		sprintf(text, "\\%c", letters[found - escapes]);
	else
		sprintf(text, isprint(c) ? "%c" : "%03o", c);
	return text;
}

static const char *
od_name(unsigned char c, char *text)
{
	static const char names[33][4] = {
		"nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", "bs",
		"ht",  "nl",  "vt",  "ff",  "cr",  "so",  "si",	 "dle", "dc1",
		"dc2", "dc3", "dc4", "nak", "syn", "etb", "can", "em",	"sub",
		"esc", "fs",  "gs",  "rs",  "us",  "sp",
	};

	c &= 0x7f;
	if (c == 0x7f)
		return "del";
	if (c <= ' ')
		return names[c];
	sprintf(text, "%c", c);
	return text;
}

static const char *
od_number(const struct od_type *type, const unsigned char *data, char *text)
{
	unsigned bits = type->size * 8;
	uint64_t value = 0;
	unsigned i;

	for (i = 0; i < type->size; i++)
		value |= (uint64_t)data[i] << (8 * i);
	if (type->kind == 'd') {
		if (bits > 0 && bits < 64 && value >> (bits - 1) != 0)
			value |= ~(uint64_t)0 << bits;
		sprintf(text, "%lld", (long long)value);
	} else if (type->kind == 'u') {
		sprintf(text, "%llu", (unsigned long long)value);
	} else if (type->kind == 'o') {
		sprintf(text, "%0*llo", (int)type->width,
			(unsigned long long)value);
	} else {
		sprintf(text, "%0*llx", (int)type->width,
			(unsigned long long)value);
	}
	return text;
}

static const char *
od_value(const struct od_type *type, const unsigned char *data)
{
	static char text[32];

	if (type->kind == 'c')
		return od_character(*data, text);
	if (type->kind == 'a')
		return od_name(*data, text);
	return od_number(type, data, text);
}

/* What the columns of all types are spread over. */
static size_t
od_line_width(void)
{
	size_t most = 0, i;

	for (i = 0; i < od_count; i++) {
		size_t width =
			(od_types[i].width + 1) * (od_line / od_types[i].size);

		most = width > most ? width : most;
	}
	return most;
}

static void
od_print_text(const unsigned char *data, size_t size)
{
	size_t i;

	fputs("  >", stdout);
	for (i = 0; i < size; i++)
		putchar(isprint(data[i]) ? data[i] : '.');
	putchar('<');
}

static void
od_print_type(const struct od_type *type, const unsigned char *data,
	      size_t size)
{
	size_t fields = od_line / type->size, i;
	size_t pad = od_line_width() - (type->width + 1) * fields;

	for (i = 0; i < fields; i++) {
		size_t more = pad * (fields - i) / fields -
			      pad * (fields - i - 1) / fields;
		int width = (int)(type->width + 1 + more);

		if (i * type->size < size)
			printf("%*s", width,
			       od_value(type, data + i * type->size));
		else if (type->text)
			printf("%*s", width, "");
	}
	if (type->text)
		od_print_text(data, size);
	putchar('\n');
}

static void
od_print(uint64_t place, const unsigned char *data, size_t size)
{
	size_t i;

	for (i = 0; i < od_count; i++) {
		if (i == 0)
			od_print_place(place, "");
		else
			printf("%*s",
			       od_base == 'n'	? 0
			       : od_base == 'x' ? 6
						: 7,
			       "");
		od_print_type(&od_types[i], data, size);
	}
}

static void
od_run(void)
{
	static unsigned char line[OD_LINE_MOST], last[OD_LINE_MOST];
	uint64_t place = od_skip, left = od_most;
	bool stars = false, any = false;
	size_t want, size;

	od_leave_out();
	do {
		memset(line, 0, od_line);
		want = left < od_line ? (size_t)left : od_line;
		size = od_read(line, want);
		left -= size;
		if (size == 0)
			break;
		if (any && !od_all && size == od_line &&
		    memcmp(line, last, od_line) == 0) {
			if (!stars)
				puts("*");
			stars = true;
		} else {
			od_print(place, line, size);
			stars = false;
			any = true;
			memcpy(last, line, od_line);
		}
		place += size;
	} while (size == od_line && util_printed());
	if (od_base != 'n' && (od_opened || od_most == 0))
		od_print_place(place, "\n");
}

/* ---- options ---- */

static void
od_add(char kind, unsigned size)
{
	static const struct {
		char kind;
		unsigned size, width;
	} widths[] = {
		{'a', 1, 3},  {'c', 1, 3},  {'d', 1, 4}, {'d', 2, 6},
		{'d', 4, 11}, {'d', 8, 20}, {'o', 1, 3}, {'o', 2, 6},
		{'o', 4, 11}, {'o', 8, 22}, {'u', 1, 3}, {'u', 2, 5},
		{'u', 4, 10}, {'u', 8, 20}, {'x', 1, 2}, {'x', 2, 4},
		{'x', 4, 8},  {'x', 8, 16},
	};
	size_t i;

	for (i = 0; i < sizeof widths / sizeof *widths; i++)
		if (widths[i].kind == kind && widths[i].size == size)
			break;
	if (i == sizeof widths / sizeof *widths)
		util_die("%c%u: no such type", kind, size);
	if (od_count == OD_TYPES)
		util_die("too many types");
	od_types[od_count++] = (struct od_type){
		.kind = kind, .size = size, .width = widths[i].width};
}

static unsigned
od_size_letter(char c)
{
	switch (c) {
	case 'C':
		return sizeof(char);
	case 'S':
		return sizeof(short);
	case 'I':
		return sizeof(int);
	case 'L':
		return sizeof(long);
	default:
		return 0;
	}
}

static void
od_add_types(const char *text)
{
	char *at;

	if (*text == '\0')
		util_die("-t: no type");
	while (*text != '\0') {
		char kind = *text++;
		unsigned size = kind == 'a' || kind == 'c' ? 1 : 4;

		if (size == 4 && od_size_letter(*text) > 0) {
			size = od_size_letter(*text++);
		} else if (size == 4 && isdigit((unsigned char)*text)) {
			size = (unsigned)strtoul(text, &at, 10);
			text = at;
		}
		od_add(kind, size);
		if (*text == 'z') {
			od_types[od_count - 1].text = true;
			text++;
		}
	}
}

static uint64_t
od_parse_number(const char *text)
{
	const char *end = text + (*text == '+');
	uint64_t number;

	if (!names_bytes(&end, 0, "bkKmM", &number) || *end != '\0')
		util_die("%s: not a number", text);
	return number;
}

static void
od_option(int c)
{
	static const struct {
		char letter;
		const char *types;
	} letters[] = {{'a', "a"},  {'b', "o1"}, {'c', "c"}, {'d', "u2"},
		       {'o', "o2"}, {'s', "d2"}, {'x', "x2"}};
	size_t i;

	for (i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].letter == c)
			od_add_types(letters[i].types);
	if (c == 't')
		od_add_types(optarg);
	else if (c == 'v')
		od_all = true;
	else if (c == 'j')
		od_skip = od_parse_number(optarg);
	else if (c == 'N')
		od_most = od_parse_number(optarg);
	else if (c == 'w')
		od_line = (size_t)util_number(optarg, 1, OD_LINE_MOST, "width");
	else if (c == 'A')
		od_base = *optarg;
}

int
main(int argc, char **argv)
{
	static char input[] = "-", *only[] = {input, NULL};
	size_t i;
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("od", od_usage);
	while ((c = util_option(argv, "A:t:abcdosxj:N:w:v")) >= 0)
		od_option(c);
	if (strchr("doxn", od_base) == NULL || od_base == '\0')
		util_die("-A: one of d, o, x and n");
	if (od_count == 0)
		od_add('o', 2);
	for (i = 0; i < od_count; i++)
		if (od_line % od_types[i].size != 0)
			util_die("-w: not whole numbers of %u bytes",
				 od_types[i].size);
	od_files = argv[optind] != NULL ? argv + optind : only;
	od_run();
	return util_end();
}

/*
 * cut -b LIST | -c LIST | -f LIST [-d C] [-s] [FILE]...: parts of each line.
 *
 * The list becomes ranges that are sorted and do not overlap, so that a line is
 * gone through once.
 */
#include "text.h"
#include "util.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char cut_usage[] =
	"usage: cut -b LIST | -c LIST | -f LIST [-d C] [-s] [FILE]...\n"
	"Prints parts of each line.\n"
	"  -b LIST  these bytes\n"
	"  -c LIST  these characters (UTF-8)\n"
	"  -f LIST  these fields; lines without a delimiter as they are\n"
	"  -d C     C ends a field instead of a tab\n"
	"  -s       no lines without a delimiter\n"
	"LIST: N, N-M, N- and -M with commas between them, from 1.\n";

struct cut_range {
	size_t first, last;
};

static struct cut_range *cut_ranges;
static size_t cut_count;
static char cut_kind, cut_delimiter = '\t';
static bool cut_only;

static size_t
cut_number(char **at)
{
	char *end;
	unsigned long long number = strtoull(*at, &end, 10);

	if (number == 0)
		util_die("%s: counting begins with 1", *at);
	*at = end;
	return (size_t)number;
}

static void
cut_parse_range(char *at)
{
	struct cut_range range = {.first = 1, .last = SIZE_MAX};
	char *begin = at;

	if (*at >= '0' && *at <= '9')
		range.last = range.first = cut_number(&at);
	if (*at == '-') {
		range.last = SIZE_MAX;
		if (*++at >= '0' && *at <= '9')
			range.last = cut_number(&at);
		else if (at - begin == 1)
			util_die("%s: not a range", begin);
	}
	if (at == begin || *at != '\0' || range.last < range.first)
		util_die("%s: not a range", begin);
	cut_ranges =
		util_grow(cut_ranges, (cut_count + 1) * sizeof *cut_ranges);
	cut_ranges[cut_count++] = range;
}

static int
cut_compare(const void *a, const void *b)
{
	size_t x = ((const struct cut_range *)a)->first;
	size_t y = ((const struct cut_range *)b)->first;

	return (x > y) - (x < y);
}

static void
cut_parse(int kind, const char *list)
{
	char *word, *words = util_copy(list);
	size_t i, kept = 0;

	if (cut_kind != 0)
		util_die("one of -b, -c and -f");
	cut_kind = (char)kind;
	for (word = strtok(words, ", "); word != NULL;
	     word = strtok(NULL, ", "))
		cut_parse_range(word);
	if (cut_count == 0)
		util_die("an empty list");
	qsort(cut_ranges, cut_count, sizeof *cut_ranges, cut_compare);
	for (i = 1; i < cut_count; i++) {
		if (cut_ranges[i].first > cut_ranges[kept].last)
			cut_ranges[++kept] = cut_ranges[i];
		else if (cut_ranges[i].last > cut_ranges[kept].last)
			cut_ranges[kept].last = cut_ranges[i].last;
	}
	cut_count = kept + 1;
	free(words);
}

/* Is part `number` wanted?  *range moves on with the numbers. */
static bool
cut_wants(size_t number, size_t *range)
{
	while (*range < cut_count && number > cut_ranges[*range].last)
		(*range)++;
	return *range < cut_count && number >= cut_ranges[*range].first;
}

static void
cut_characters(const struct text *t)
{
	size_t number = 0, range = 0, i;

	for (i = 0; i < t->length; i++) {
		if (cut_kind == 'b' || (t->line[i] & 0xc0) != 0x80)
			number++;
		if (cut_wants(number, &range))
			putchar(t->line[i]);
	}
	putchar('\n');
}

static void
cut_fields(const struct text *t)
{
	const char *at = t->line, *end = t->line + t->length, *stop;
	size_t number = 1, range = 0;
	bool any = false;

	if (memchr(at, cut_delimiter, t->length) == NULL) {
		if (cut_only)
			return;
		text_put(at, t->length);
		putchar('\n');
		return;
	}
	for (;; at = stop + 1, number++) {
		stop = memchr(at, cut_delimiter, (size_t)(end - at));
		if (stop == NULL)
			stop = end;
		if (cut_wants(number, &range)) {
			if (any)
				putchar(cut_delimiter);
			any = true;
			text_put(at, (size_t)(stop - at));
		}
		if (stop == end)
			break;
	}
	putchar('\n');
}

static void
cut_file(const char *name)
{
	struct text t;

	if (!text_open(&t, name))
		return;
	while (util_printed() && text_line(&t)) {
		if (cut_kind == 'f')
			cut_fields(&t);
		else
			cut_characters(&t);
	}
	text_close(&t);
}

int
main(int argc, char **argv)
{
	bool delimiter = false;
	int c;

	(void)argc;
	util_start("cut", cut_usage);
	while ((c = util_option(argv, "b:c:f:d:sn")) >= 0) {
		if (c == 's') {
			cut_only = true;
		} else if (c == 'd') {
			if (optarg[0] != '\0' && optarg[1] != '\0')
				util_die("%s: not one byte", optarg);
			cut_delimiter = *optarg;
			delimiter = true;
		} else if (c != 'n') {
			cut_parse(c, optarg);
		}
	}
	if (cut_kind == 0)
		util_usage();
	if (cut_kind != 'f' && (delimiter || cut_only))
		util_die("-d and -s go with -f");
	text_each(argv + optind, cut_file);
	return util_end();
}

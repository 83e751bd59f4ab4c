/*
 * seq [-w] [-s TEXT] [-f FORMAT] [FIRST [STEP]] LAST: counts.
 *
 * Whole numbers are counted as digits, of which there may be any number.
 * Others are counted as FIRST + i * STEP, so that errors of fractions do not
 * add up, and printed with as many places as FIRST or STEP was written with.
 */
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char seq_usage[] =
	"usage: seq [-w] [-s TEXT] [-f FORMAT] [FIRST [STEP]] LAST\n"
	"Prints the numbers from FIRST (1) by STEP (1) to LAST.\n"
	"  -w         all equally wide, with zeros before them\n"
	"  -s TEXT    between them instead of a newline\n"
	"  -f FORMAT  as printf prints a number: %g, %05.1f ...\n";

struct seq_number {
	const char *word; /* as written */
	long double value;
	int places; /* behind the point */
	int width;  /* as written, without the fraction */
};

static struct seq_number
seq_parse(const char *word)
{
	struct seq_number number;
	const char *point = strchr(word, '.');
	size_t whole;
	char *end;

	number.word = word;
	number.value = strtold(word, &end);
	if (end == word || *end != '\0' || number.value != number.value)
		util_die("%s: not a number", word);
	whole = point != NULL ? (size_t)(point - word) : strlen(word);
	number.places = point != NULL ? (int)strlen(point + 1) : 0;
	number.width = (int)whole;
	return number;
}

/* The format, with an L in it; or the end, if it is not about one number. */
static const char *
seq_format(const char *text)
{
	size_t size = strlen(text), at, stop;
	char *format = util_alloc(size + 2);

	for (at = 0; text[at] == '%' ? text[at + 1] == '%' : text[at] != '\0';)
		at += text[at] == '%' ? 2 : 1;
	stop = at + (text[at] == '%');
	stop += strspn(text + stop, "-+ #0");
	stop += strspn(text + stop, "0123456789");
	if (text[stop] == '.')
		stop += 1 + strspn(text + stop + 1, "0123456789");
	if (text[at] != '%' || text[stop] == '\0' ||
	    strchr("efgaEFGA", text[stop]) == NULL)
		util_die("%s: needs one of %%e, %%f, %%g", text);
	memcpy(format, text, stop);
	format[stop] = 'L';
	strcpy(format + stop + 1, text + stop);
	for (at = stop + 2; format[at] != '\0'; at++)
		if (format[at] == '%' && format[++at] != '%')
			util_die("%s: more than one number", text);
	return format;
}

static const char *
seq_own_format(const struct seq_number *first, const struct seq_number *step,
	       const struct seq_number *last, bool wide)
{
	static char format[40];
	int places =
		first->places > step->places ? first->places : step->places;
	int width = first->width > last->width ? first->width : last->width;

	if (places > 0)
		width += 1 + places;
	if (wide)
		snprintf(format, sizeof format, "%%0%d.%dLf", width, places);
	else
		snprintf(format, sizeof format, "%%.%dLf", places);
	return format;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
/* The format was looked at by seq_format, or is our own. */
static void
seq_print(const char *format, long double value)
{
	printf(format, value);
}
#pragma GCC diagnostic pop

static void
seq_run(const struct seq_number *first, const struct seq_number *step,
	const struct seq_number *last, const char *format, const char *between)
{
	/* A fraction counts as reached if it is missed by rounding only. */
	long double limit = last->value + step->value * 1e-9L;
	long double value = first->value;
	unsigned long long i;

	for (i = 0; step->value > 0 ? value <= limit : value >= limit; i++) {
		if (i > 0)
			fputs(between, stdout);
		seq_print(format, value);
		if (!util_printed())
			return;
		value = first->value + (long double)(i + 1) * step->value;
	}
	if (i > 0)
		putchar('\n');
}

/* ---- whole numbers ---- */

static bool
seq_is_whole(const struct seq_number *number)
{
	return strspn(number->word, "0123456789") == strlen(number->word);
}

static const char *
seq_digits(const struct seq_number *number)
{
	const char *digits = number->word + strspn(number->word, "0");

	return *digits != '\0' ? digits : "0";
}

/* Adds the step to the number from `at` to `end`, before which there is room.
 * Returns where the sum begins. */
static char *
seq_add(char *at, char *end, const char *step)
{
	size_t left = strlen(step);
	int sum = 0;

	for (end--; left > 0 || sum > 0; end--) {
		if (end < at) {
			at = end;
			*end = '0';
		}
		sum += *end - '0' + (left > 0 ? step[--left] - '0' : 0);
		*end = (char)('0' + sum % 10);
		sum /= 10;
	}
	return at;
}

static bool
seq_is_past(const char *number, const char *last)
{
	size_t size = strlen(number), most = strlen(last);

	return size != most ? size > most : strcmp(number, last) > 0;
}

static void
seq_run_whole(const struct seq_number *first, const struct seq_number *step,
	      const struct seq_number *last, const char *between)
{
	const char *from = seq_digits(first), *by = seq_digits(step);
	const char *to = seq_digits(last);
	size_t room = strlen(from) + strlen(by) + strlen(to) + 2;
	char *end = (char *)util_alloc(room) + room - 1;
	char *at = end - strlen(from);

	strcpy(at, from);
	if (seq_is_past(at, to))
		return;
	do {
		fputs(at, stdout);
		at = seq_add(at, end, by);
		fputs(seq_is_past(at, to) ? "\n" : between, stdout);
	} while (util_printed() && !seq_is_past(at, to));
}

/* Negative numbers are no options. */
static bool
seq_is_number(const char *word)
{
	return word != NULL && word[0] == '-' &&
	       strchr("0123456789.", word[1]) != NULL && word[1] != '\0';
}

int
main(int argc, char **argv)
{
	struct seq_number first = {"1", .value = 1, .width = 1}, step = first,
			  last;
	const char *format = NULL, *between = "\n";
	bool wide = false;
	int c;

	util_start("seq", seq_usage);
	while (!seq_is_number(argv[optind]) &&
	       (c = util_option(argv, "+ws:f:")) >= 0) {
		if (c == 'w')
			wide = true;
		else if (c == 's')
			between = optarg;
		else
			format = seq_format(optarg);
	}
	argv += optind;
	argc -= optind;
	if (argc < 1 || argc > 3)
		util_usage();
	last = seq_parse(argv[argc - 1]);
	if (argc > 1)
		first = seq_parse(argv[0]);
	if (argc > 2)
		step = seq_parse(argv[1]);
	if (step.value == 0)
		util_die("a step of 0");
	if (format == NULL && !wide && seq_is_whole(&first) &&
	    seq_is_whole(&step) && seq_is_whole(&last)) {
		seq_run_whole(&first, &step, &last, between);
		return util_end();
	}
	if (format == NULL)
		format = seq_own_format(&first, &step, &last, wide);
	seq_run(&first, &step, &last, format, between);
	return util_end();
}

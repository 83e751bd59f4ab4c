/*
 * sort [-bcdfimnrsuC] [-k KEY]... [-t CHAR] [-o FILE] [FILE]...: lines in
 * order.
 *
 * All lines are in memory; a merge of pointers keeps equal ones in their order.
 * Bytes are compared as they are, in no language's way.
 */
#include "sort.h"
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char sort_usage[] =
	"usage: sort [-bcdfimnrsuC] [-k KEY]... [-t CHAR] [-o FILE] [FILE]...\n"
	"Prints the lines of all files in order.\n"
	"  -b        leading blanks of a key do not count\n"
	"  -d        only blanks, letters and digits count\n"
	"  -f        small letters count as capitals\n"
	"  -i        only printable characters count\n"
	"  -n        numbers, by value\n"
	"  -r        the other way round\n"
	"  -k KEY    F[.C][OPTIONS][,F[.C][OPTIONS]]: from there to there\n"
	"  -t CHAR   ends a field; otherwise fields begin with blanks\n"
	"  -u        one of equal lines\n"
	"  -s        equal lines stay in their order\n"
	"  -c, -C    only look whether it is in order; -C says nothing\n"
	"  -m        the files are in order\n"
	"  -o FILE   where to, also one of those read\n";

static struct sort_line *sort_lines;
static size_t sort_count, sort_room;
static struct sort_plan sort_plan = {.tab = -1};

static void
sort_add(const char *text, size_t length)
{
	struct sort_line *line;

	if (sort_count == sort_room) {
		sort_room = sort_room ? sort_room * 2 : 1024;
		sort_lines =
			util_grow(sort_lines, sort_room * sizeof *sort_lines);
	}
	line = &sort_lines[sort_count++];
	line->text = util_alloc(length + 1);
	memcpy(line->text, text, length);
	line->text[length] = '\0';
	line->length = length;
}

static void
sort_read(const char *name)
{
	struct text t;

	if (!text_open(&t, name))
		exit(2);
	while (text_line(&t))
		sort_add(t.line, t.length);
	text_close(&t);
	if (util_status)
		exit(2);
}

/* Merges two sorted halves, the first one's lines first where equal. */
static void
sort_merge(struct sort_line *lines, size_t half, size_t count,
	   struct sort_line *spare)
{
	size_t a = 0, b = half, n = 0;

	while (a < half && b < count)
		spare[n++] = sort_compare(&sort_plan, &lines[b], &lines[a]) < 0
				     ? lines[b++]
				     : lines[a++];
	while (a < half)
		spare[n++] = lines[a++];
	memcpy(lines, spare, n * sizeof *lines);
}

static void
sort_range(struct sort_line *lines, size_t count, struct sort_line *spare)
{
	size_t half = count / 2;

	if (count < 2)
		return;
	sort_range(lines, half, spare);
	sort_range(lines + half, count - half, spare);
	sort_merge(lines, half, count, spare);
}

/* The status of -c: 1, and the first line out of order. */
static int
sort_check(const char *name, bool quiet, bool unique)
{
	size_t i;

	for (i = 1; i < sort_count; i++) {
		int order = sort_compare(&sort_plan, &sort_lines[i - 1],
					 &sort_lines[i]);

		if (order < 0 || (order == 0 && !unique))
			continue;
		if (!quiet)
			util_say("%s:%zu: disorder: %s",
				 strcmp(name, "-") == 0 ? "-" : name, i + 1,
				 sort_lines[i].text);
		return 1;
	}
	return 0;
}

static void
sort_print(const char *output, bool unique)
{
	size_t i;

	if (output != NULL && freopen(output, "w", stdout) == NULL)
		util_die_of(output);
	for (i = 0; i < sort_count && util_printed(); i++) {
		if (unique && i > 0 &&
		    sort_keys(&sort_plan, &sort_lines[i - 1], &sort_lines[i]) ==
			    0)
			continue;
		text_put(sort_lines[i].text, sort_lines[i].length);
		putchar('\n');
	}
}

static int
sort_tab(const char *text)
{
	if (strcmp(text, "\\0") == 0)
		return 0;
	if (strlen(text) != 1)
		util_die("-t wants one character, not '%s'", text);
	return (unsigned char)*text;
}

int
main(int argc, char **argv)
{
	bool check = false, quiet = false, unique = false;
	const char *output = NULL, *name;
	int c;

	(void)argc;
	util_start("sort", sort_usage);
	util_trouble = 2;
	while ((c = util_option(argv, "bcdfik:mno:rst:uC")) >= 0) {
		if (c == 'k')
			sort_add_key(&sort_plan, optarg);
		else if (c == 't')
			sort_plan.tab = sort_tab(optarg);
		else if (c == 'o')
			output = optarg;
		else if (c == 'u')
			unique = true;
		else if (c == 's')
			sort_plan.stable = true;
		else if (c == 'c' || c == 'C')
			check = true, quiet |= c == 'C';
		else if (c != 'm')
			sort_add_option(&sort_plan.rest, c);
	}
	sort_plan.stable |= unique;
	sort_ready(&sort_plan);
	name = argv[optind] == NULL ? "-" : argv[optind];
	if (check) {
		if (argv[optind] != NULL && argv[optind + 1] != NULL)
			util_die("-c looks at one file");
		sort_read(name);
		return sort_check(name, quiet, unique);
	}
	text_each(argv + optind, sort_read);
	sort_range(sort_lines, sort_count,
		   util_alloc((sort_count + 1) * sizeof *sort_lines));
	sort_print(output, unique);
	return util_end();
}

/*
 * grep [OPTION]... PATTERN [FILE]...: lines in which a pattern is found.
 *
 * A line is taken apart only as far as an option needs it; lines before a match
 * are kept in a ring for -B.
 */
#include "pattern.h"
#include "text.h"
#include "util.h"
#include "walk.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char grep_usage[] =
	"usage: grep [-EFG] [-chHilLnoqrsvwx] [-m N] [-A N] [-B N] [-C N]\n"
	"\t{PATTERN | -e PATTERN | -f FILE}... [FILE]...\n"
	"Prints the lines in which a pattern is found.\n"
	"  -E, -F, -G  extended patterns, plain text, basic patterns\n"
	"  -e, -f      a pattern, a file of patterns, one a line\n"
	"  -i          capital and small letters are the same\n"
	"  -v          the other lines\n"
	"  -w, -x      whole words, whole lines only\n"
	"  -c          how many lines\n"
	"  -l, -L      the names of files with, without such a line\n"
	"  -o          each part that matches, on a line of its own\n"
	"  -q          nothing: the status alone\n"
	"  -n          with the number of the line\n"
	"  -H, -h      with, without the name of the file\n"
	"  -r          directories with all that is in them\n"
	"  -s          says nothing of files that cannot be read\n"
	"  -m N        at most N lines of a file\n"
	"  -A, -B, -C  N lines after, before, around each as well\n"
	"Status: 0 found, 1 not found, 2 trouble.\n";

/* A line that stands before one that matches. */
struct grep_line {
	char *text;
	size_t length, room;
};

struct grep_file {
	struct text text;
	unsigned long long number, found, printed; /* printed: the last line */
	unsigned long long after; /* lines still to come after a match */
	off_t behind;		  /* where the last line of -m ends */
};

static struct pattern *grep_patterns;
static size_t grep_pattern_count;
static unsigned grep_flags;
static bool grep_options[UCHAR_MAX + 1];
static long long grep_after, grep_before, grep_most = LLONG_MAX;
static bool grep_named, grep_separates, grep_any;
static bool grep_around; /* -A, -B or -C, of 0 lines perhaps */
static bool grep_here;	 /* . was not asked for by name */
static struct grep_line *grep_ring;

static bool
grep_has(char option)
{
	return grep_options[(unsigned char)option];
}

/* ---- matching ---- */

static bool
grep_is_word(const struct text *t, regoff_t at)
{
	return at >= 0 && (size_t)at < t->length &&
	       (isalnum((unsigned char)t->line[at]) || t->line[at] == '_');
}

/* Makes a match shorter until it is a word; false: it never is. */
static bool
grep_shrink(const struct pattern *p, const struct text *t, regmatch_t *match)
{
	regoff_t start = match->rm_so;
	size_t end;

	if (grep_is_word(t, start - 1))
		return false;
	while (grep_is_word(t, match->rm_eo)) {
		end = (size_t)match->rm_eo;
		if (end == (size_t)start)
			return false;
		if (!pattern_find(p, t->line, (size_t)start, end - 1, match, 1,
				  REG_NOTEOL) ||
		    match->rm_so != start)
			return false;
	}
	return true;
}

/* The first match of one pattern from `from` on that the options allow. */
static bool
grep_find_one(const struct pattern *p, const struct text *t, size_t from,
	      regmatch_t *match)
{
	while (from <= t->length &&
	       pattern_find(p, t->line, from, t->length, match, 1, 0)) {
		if (grep_has('x')) {
			if (match->rm_so == 0 &&
			    (size_t)match->rm_eo == t->length)
				return true;
			if (p->literal == NULL || match->rm_so > 0)
				return false;
		} else {
			regoff_t start = match->rm_so;

			if (!grep_has('w') || grep_shrink(p, t, match))
				return true;
			match->rm_so = start;
		}
		from = (size_t)match->rm_so + 1;
	}
	return false;
}

/* The first, longest match of all patterns. */
static bool
grep_find(const struct text *t, size_t from, regmatch_t *match)
{
	regmatch_t one;
	bool found = false;
	size_t i;

	for (i = 0; i < grep_pattern_count; i++) {
		if (!grep_find_one(&grep_patterns[i], t, from, &one))
			continue;
		if (!found || one.rm_so < match->rm_so ||
		    (one.rm_so == match->rm_so && one.rm_eo > match->rm_eo))
			*match = one;
		found = true;
		if (!grep_has('o'))
			break;
	}
	return found;
}

/* ---- printing ---- */

static const char *
grep_name(const struct grep_file *file)
{
	return strcmp(file->text.name, "-") == 0 ? "(standard input)"
						 : file->text.name;
}

static void
grep_print(const struct grep_file *file, unsigned long long number,
	   const char *data, size_t size, char sign)
{
	if (grep_named)
		printf("%s%c", grep_name(file), sign);
	if (grep_has('n'))
		printf("%llu%c", number, sign);
	text_put(data, size);
	putchar('\n');
}

static void
grep_print_parts(const struct grep_file *file)
{
	const struct text *t = &file->text;
	regmatch_t match;
	size_t from = 0;

	while (from <= t->length && grep_find(t, from, &match)) {
		if (match.rm_eo > match.rm_so)
			grep_print(file, file->number, t->line + match.rm_so,
				   (size_t)(match.rm_eo - match.rm_so), ':');
		from = (size_t)match.rm_eo + (match.rm_eo == match.rm_so);
	}
}

/* The line that `number` has had its place in the ring. */
static struct grep_line *
grep_kept(unsigned long long number)
{
	return &grep_ring[number % (unsigned long long)grep_before];
}

static void
grep_print_before(const struct grep_file *file)
{
	unsigned long long from = file->number;

	while (from > 1 && from - 1 > file->printed &&
	       file->number - (from - 1) <= (unsigned long long)grep_before)
		from--;
	if (grep_around && grep_separates &&
	    (file->printed == 0 || from > file->printed + 1))
		puts("--");
	for (; from < file->number; from++)
		grep_print(file, from, grep_kept(from)->text,
			   grep_kept(from)->length, '-');
}

static void
grep_keep(const struct grep_file *file)
{
	struct grep_line *line = grep_kept(file->number);

	if (line->room < file->text.length) {
		line->room = file->text.length;
		line->text = util_grow(line->text, line->room);
	}
	if (file->text.length > 0)
		memcpy(line->text, file->text.line, file->text.length);
	line->length = file->text.length;
}

static void
grep_show(struct grep_file *file)
{
	if (grep_has('c') || grep_has('l') || grep_has('L'))
		return;
	grep_print_before(file);
	if (grep_has('o') && !grep_has('v'))
		grep_print_parts(file);
	else if (!grep_has('o'))
		grep_print(file, file->number, file->text.line,
			   file->text.length, ':');
	grep_separates = true;
	file->printed = file->number;
	file->after = (unsigned long long)grep_after;
}

/* ---- files ---- */

/* -m ends here, whatever is read after it. */
static void
grep_note_place(struct grep_file *file)
{
	if ((long long)file->found == grep_most)
		file->behind = ftello(file->text.file);
}

/* What has the input too goes on behind the last line of -m. */
static void
grep_give_back(const struct grep_file *file)
{
	if (file->text.file != stdin || file->behind < 0 ||
	    (long long)file->found < grep_most)
		return;
	/* the stream may have what is behind it in its buffer */
	if (fseeko(stdin, file->behind, SEEK_SET) == 0)
		lseek(STDIN_FILENO, file->behind, SEEK_SET);
}

/* false: the rest of the file does not matter. */
static bool
grep_line(struct grep_file *file)
{
	regmatch_t match;
	bool wanted = (long long)file->found < grep_most;

	file->number++;
	if (wanted && grep_find(&file->text, 0, &match) != grep_has('v')) {
		file->found++;
		grep_any = true;
		grep_note_place(file);
		if (grep_has('q') || grep_has('l') || grep_has('L'))
			return false;
		grep_show(file);
	} else if (file->after > 0) {
		file->after--;
		if (!grep_has('o'))
			grep_print(file, file->number, file->text.line,
				   file->text.length, '-');
		file->printed = file->number;
	} else if (!wanted) {
		return false;
	}
	if (grep_before > 0)
		grep_keep(file);
	return util_printed();
}

static void
grep_summary(const struct grep_file *file)
{
	if (grep_has('q'))
		return;
	if (grep_has('l') || grep_has('L')) {
		if ((file->found > 0) == grep_has('l'))
			puts(grep_name(file));
	} else if (grep_has('c')) {
		if (grep_named)
			printf("%s:", grep_name(file));
		printf("%llu\n", file->found);
	}
}

static void
grep_file(const char *name)
{
	struct grep_file file = {0};

	if (grep_any && grep_has('q'))
		return;
	if (!text_open(&file.text, name))
		return;
	grep_note_place(&file);
	while (text_line(&file.text) && grep_line(&file))
		continue;
	grep_give_back(&file);
	if (!ferror(file.text.file))
		grep_summary(&file);
	text_close(&file.text);
}

static bool
grep_visit(const struct walk_item *item, void *arg)
{
	(void)arg;

	if (S_ISREG(item->st.st_mode) ||
	    (item->depth == 0 && !S_ISDIR(item->st.st_mode)))
		grep_file(item->path + (grep_here && item->depth > 0 ? 2 : 0));
	return true;
}

static void
grep_tree(const char *name)
{
	static const struct walk how = {.visit = grep_visit};

	if (strcmp(name, "-") == 0)
		grep_file(name);
	else
		walk(&how, name);
}

/* ---- options ---- */

static void
grep_add(const char *text, size_t length)
{
	const char *wrong;

	grep_patterns = util_grow(grep_patterns, (grep_pattern_count + 1) *
							 sizeof *grep_patterns);
	wrong = pattern_compile(&grep_patterns[grep_pattern_count++], text,
				length, grep_flags);
	if (wrong != NULL)
		util_die("%.*s: %s", (int)length, text, wrong);
}

/* Each line is a pattern. */
static void
grep_add_lines(const char *text)
{
	const char *end;

	while ((end = strchr(text, '\n')) != NULL) {
		grep_add(text, (size_t)(end - text));
		text = end + 1;
	}
	grep_add(text, strlen(text));
}

static void
grep_add_file(const char *name)
{
	struct text t;

	if (!text_open(&t, name))
		exit(util_trouble);
	while (text_line(&t))
		grep_add(t.line, t.length);
	text_close(&t);
}

/* Patterns wait until all options are known. */
struct grep_source {
	char option;
	const char *value;
};

static struct grep_source *
grep_parse(int argc, char **argv, size_t *count)
{
	static const char options[] = "EFGe:f:ivwxcloLqnHhrRsam:A:B:C:"
				      "0123456789";
	struct grep_source *sources =
		util_alloc((size_t)argc * sizeof *sources);
	int c;

	while ((c = util_option(argv, options)) >= 0) {
		grep_options[c] = true;
		if (c == 'E' || c == 'F' || c == 'G')
			grep_flags = c == 'E'	? PATTERN_EXTENDED
				     : c == 'F' ? PATTERN_FIXED
						: 0;
		else if (c == 'e' || c == 'f')
			sources[(*count)++] =
				(struct grep_source){(char)c, optarg};
		else if (c == 'm')
			grep_most = util_number(optarg, 0, LLONG_MAX, "number");
		else if (c == 'h' || c == 'H')
			grep_options[c == 'h' ? 'H' : 'h'] = false;
		grep_around |= strchr("ABC0123456789", c) != NULL;
		if (c >= '0' && c <= '9')
			grep_after = grep_before =
				grep_after % 100000 * 10 + c - '0';
		if (c == 'A' || c == 'C')
			grep_after = util_number(optarg, 0, 1000000, "number");
		if (c == 'B' || c == 'C')
			grep_before = util_number(optarg, 0, 1000000, "number");
	}
	if (grep_has('i'))
		grep_flags |= PATTERN_FOLD;
	return sources;
}

static void
grep_add_sources(const struct grep_source *sources, size_t count, char **argv)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (sources[i].option == 'e')
			grep_add_lines(sources[i].value);
		else
			grep_add_file(sources[i].value);
	}
	if (count > 0)
		return;
	if (argv[optind] == NULL)
		util_usage();
	grep_add_lines(argv[optind++]);
}

int
main(int argc, char **argv)
{
	static char here[] = ".", *trees[] = {here, NULL};
	struct grep_source *sources;
	size_t count = 0;
	bool deep;

	util_start("grep", grep_usage);
	sources = grep_parse(argc, argv, &count);
	deep = grep_has('r') || grep_has('R');
	grep_add_sources(sources, count, argv);
	argv += optind;
	if (grep_before > 0)
		grep_ring = calloc((size_t)grep_before, sizeof *grep_ring);
	if (grep_before > 0 && grep_ring == NULL)
		util_die_of("memory");
	grep_here = deep && *argv == NULL;
	if (*argv == NULL)
		grep_named = deep;
	else
		grep_named =
			argv[1] != NULL || (deep && walk_is_directory(*argv));
	grep_named = grep_has('H') || (grep_named && !grep_has('h'));
	if (grep_has('s') && freopen("/dev/null", "w", stderr) == NULL)
		util_die_of("/dev/null");
	text_each(grep_here ? trees : argv, deep ? grep_tree : grep_file);
	if (util_end() != 0 && !(grep_any && grep_has('q')))
		return util_trouble;
	return !grep_any;
}

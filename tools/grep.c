/*
 * grep [-EFHLRchilnoqrsvwx] [-A N] [-B N] [-C N] [-m N] [-e PATTERN]... [-f
 * FILE]... [PATTERN] [FILE]...: lines that match.
 *
 * What a pattern is lies in grep_match.c; here are files, lines and what is
 * printed of them.
 */
#include "grep.h"
#include "text.h"
#include "util.h"
#include "walk.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char grep_usage[] =
	"usage: grep [-EFHLRchilnoqrsvwx] [-A N] [-B N] [-C N] [-m N]\n"
	"\t[-e PATTERN]... [-f FILE]... [PATTERN] [FILE]...\n"
	"Prints the lines that match.  Status 0: some did; 1: none; 2: "
	"trouble.\n"
	"  -E, -F        extended regular expressions, fixed strings\n"
	"  -e PATTERN, -f FILE  one more, one in each line\n"
	"  -i            capitals are small letters\n"
	"  -v            the lines that do not match\n"
	"  -w, -x        whole words, whole lines\n"
	"  -c            how many instead of which\n"
	"  -l, -L        the names of files that have some, that have none\n"
	"  -n            with the line's number\n"
	"  -o            only what matches\n"
	"  -q, -s        print nothing; say nothing of missing files\n"
	"  -h, -H        never, always with the file's name\n"
	"  -r, -R        files below directories; -R follows links\n"
	"  -m N          stop after N lines\n"
	"  -A N, -B N, -C N  with N lines after, before, around\n";

static struct {
	bool invert, count, list, list_none, number, only, quiet, silent;
	bool recurse, follow;
	int named; /* 'h', 'H', 0: if there are several */
	long long after, before, most;
} grep;

static bool grep_any, grep_names;

/* Lines before the one that matches. */
struct kept {
	char *text;
	size_t length;
};
static struct kept *kept;
static size_t kept_count, kept_first;

struct file {
	struct text t;
	const char *name;
	long long line, matched;
	long long last;	 /* line printed last */
	long long after; /* how many are to follow still */
};

static void
print_head(const struct file *f, long long line, char mark)
{
	if (grep_names)
		printf("%s%c", f->name, mark);
	if (grep.number)
		printf("%lld%c", line, mark);
}

static void
print_line(struct file *f, const char *text, size_t length, long long line,
	   char mark)
{
	if ((grep.before || grep.after) && f->last && line > f->last + 1)
		printf("--\n");
	print_head(f, line, mark);
	text_put(text, length);
	putchar('\n');
	f->last = line;
}

static void
keep(const char *text, size_t length)
{
	size_t at;

	if (grep.before == 0)
		return;
	if (kept == NULL) {
		kept = util_alloc((size_t)grep.before * sizeof *kept);
		memset(kept, 0, (size_t)grep.before * sizeof *kept);
	}
	at = (kept_first + kept_count) % (size_t)grep.before;
	if (kept_count == (size_t)grep.before)
		kept_first = (kept_first + 1) % (size_t)grep.before;
	else
		kept_count++;
	kept[at].text = util_grow(kept[at].text, length + 1);
	memcpy(kept[at].text, text, length);
	kept[at].length = length;
}

static void
print_kept(struct file *f)
{
	size_t i;

	for (i = 0; i < kept_count; i++) {
		struct kept *k = &kept[(kept_first + i) % (size_t)grep.before];

		print_line(f, k->text, k->length,
			   f->line - (long long)(kept_count - i), '-');
	}
	kept_count = 0;
}

static void
print_parts(const struct file *f)
{
	size_t at = 0, begin, end;

	while (grep_find(f->t.line, f->t.length, at, &begin, &end)) {
		if (end > begin) {
			print_head(f, f->line, ':');
			text_put(f->t.line + begin, end - begin);
			putchar('\n');
		}
		at = end > begin ? end : end + 1;
		if (at > f->t.length)
			break;
	}
}

static void
print_match(struct file *f)
{
	if (grep.only && !grep.invert) {
		print_parts(f);
		return;
	}
	if (grep.only)
		return;
	print_kept(f);
	print_line(f, f->t.line, f->t.length, f->line, ':');
	f->after = grep.after;
}

/* false: no more of this file. */
static bool
one_line(struct file *f)
{
	size_t begin, end;
	bool match = grep_find(f->t.line, f->t.length, 0, &begin, &end) !=
		     grep.invert;

	f->line++;
	if (!match) {
		if (f->after > 0) {
			f->after--;
			print_line(f, f->t.line, f->t.length, f->line, '-');
		} else {
			keep(f->t.line, f->t.length);
		}
		return true;
	}
	f->matched++;
	grep_any = true;
	if (grep.quiet || grep.list || grep.list_none)
		return false;
	if (!grep.count)
		print_match(f);
	return util_printed();
}

static void
finish_file(const struct file *f)
{
	if (grep.quiet)
		return;
	if (grep.list && f->matched)
		printf("%s\n", f->name);
	if (grep.list_none && !f->matched)
		printf("%s\n", f->name);
	if (grep.count && !grep.list && !grep.list_none) {
		if (grep_names)
			printf("%s:", f->name);
		printf("%lld\n", f->matched);
	}
}

static void
search(const char *name)
{
	struct file f = {.name = strcmp(name, "-") ? name : "(standard input)"};

	if (!text_open(&f.t, name))
		return;
	kept_count = 0;
	while (f.matched < grep.most && text_line(&f.t) && one_line(&f))
		continue;
	while (f.matched == grep.most && f.after > 0 && text_line(&f.t)) {
		f.after--;
		f.line++;
		print_line(&f, f.t.line, f.t.length, f.line, '-');
	}
	text_close(&f.t);
	finish_file(&f);
}

static bool
grep_done(void)
{
	return grep.quiet && grep_any;
}

static bool
search_below(const struct walk_item *item, void *arg)
{
	(void)arg;
	if (S_ISREG(item->st.st_mode) && !grep_done())
		search(item->path);
	return true;
}

static void
operand(const char *name)
{
	const struct walk below = {.follow = grep.follow ? WALK_FOLLOW_ALL
							 : WALK_FOLLOW_FIRST,
				   .visit = search_below};
	struct stat st;

	if (grep_done())
		return;
	if (strcmp(name, "-") != 0) {
		if (stat(name, &st) < 0) {
			if (!grep.silent)
				util_fail(name);
			util_status = 2;
			return;
		}
		if (S_ISDIR(st.st_mode) && grep.recurse) {
			walk(&below, name);
			return;
		}
		if (S_ISDIR(st.st_mode)) {
			if (!grep.silent)
				util_say("%s: Is a directory", name);
			util_status = 2;
			return;
		}
	}
	search(name);
}

static bool
flag(int letter)
{
	static const struct {
		char letter;
		bool *flag;
	} flags[] = {{'v', &grep.invert}, {'c', &grep.count},
		     {'l', &grep.list},	  {'L', &grep.list_none},
		     {'n', &grep.number}, {'o', &grep.only},
		     {'q', &grep.quiet},  {'s', &grep.silent},
		     {'r', &grep.recurse}};
	size_t i;

	for (i = 0; i < sizeof flags / sizeof *flags; i++)
		if (flags[i].letter == letter)
			return *flags[i].flag = true;
	return false;
}

static void
option(int c)
{
	if (flag(c) || grep_flag(c))
		return;
	if (c == 'h' || c == 'H')
		grep.named = c;
	else if (c == 'R')
		grep.recurse = grep.follow = true;
	else if (c == 'e')
		grep_add(optarg, strlen(optarg));
	else if (c == 'f')
		grep_add_file(optarg);
	else if (c == 'm')
		grep.most = util_number(optarg, 0, LLONG_MAX, "number");
	if (c == 'A' || c == 'C')
		grep.after = util_number(optarg, 0, 1000000, "number");
	if (c == 'B' || c == 'C')
		grep.before = util_number(optarg, 0, 1000000, "number");
}

int
main(int argc, char **argv)
{
	char here[] = ".", *below[] = {here, NULL};
	bool given = false;
	int c;

	util_start("grep", grep_usage);
	util_trouble = 2;
	grep.most = LLONG_MAX;
	while ((c = util_option(argv, "EFHLRchilnoqrsvwxA:B:C:m:e:f:")) >= 0) {
		given |= c == 'e' || c == 'f';
		option(c);
	}
	if (!given) {
		if (argv[optind] == NULL)
			util_usage();
		grep_add(argv[optind], strlen(argv[optind]));
		optind++;
	}
	grep_compile();
	grep_names = grep.named == 'H' ||
		     (grep.named == 0 &&
		      (argc - optind > 1 || (grep.recurse && argc > optind)));
	if (argv[optind] == NULL && grep.recurse) {
		grep_names = grep.named != 'h';
		text_each(below, operand);
	} else {
		text_each(argv + optind, operand);
	}
	c = util_end();
	if (c && !(grep.quiet && grep_any))
		return 2;
	return grep_any ? 0 : 1;
}

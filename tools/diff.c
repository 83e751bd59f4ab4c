/*
 * diff [-abiNqrsuw] [-U N] FILE FILE: how two files, or two folders, differ.
 */
#include "diff.h"
#include "text.h"
#include "util.h"
#include "walk.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char diff_usage[] =
	"usage: diff [-abiNqrsuw] [-U N] FILE FILE\n"
	"Prints how two files differ.  Status 0: not at all; 1: they do.\n"
	"  -u, -U N  with 3, N lines around, each change marked - and +\n"
	"  -q        only whether they differ; -s also if they do not\n"
	"  -r        files of folders, and of those below\n"
	"  -N        a missing file is an empty one\n"
	"  -i, -b, -w  letters' case, amounts of blanks, blanks do not count\n"
	"  -a        for every file lines are compared, as always\n";

static struct {
	bool brief, same, recurse, missing, fold, amounts, blanks;
	long around; /* -1: not unified */
	char words[64];
} diff = {.around = -1};

static bool differs;

/* ---- lines ---- */

static const char *
skip(const char *at, const char *end, bool *any)
{
	*any = false;
	while (at < end && isspace((unsigned char)*at)) {
		at++;
		*any = true;
	}
	return at;
}

static bool
same_blanks(const struct diff_line *x, const struct diff_line *y)
{
	const char *a = x->text, *a_end = a + x->length;
	const char *b = y->text, *b_end = b + y->length;
	bool a_blank, b_blank;

	for (;;) {
		a = skip(a, a_end, &a_blank);
		b = skip(b, b_end, &b_blank);
		if (a == a_end || b == b_end)
			return a == a_end && b == b_end;
		if (!diff.blanks && a_blank != b_blank)
			return false;
		if (diff.fold ? tolower((unsigned char)*a) !=
					tolower((unsigned char)*b)
			      : *a != *b)
			return false;
		a++;
		b++;
	}
}

static bool
same_line(const struct diff_line *a, const struct diff_line *b)
{
	if (diff.blanks || diff.amounts)
		return same_blanks(a, b);
	if (diff.fold)
		return a->length == b->length &&
		       strncasecmp(a->text, b->text, a->length) == 0;
	return a->hash == b->hash && a->length == b->length &&
	       memcmp(a->text, b->text, a->length) == 0;
}

static unsigned long
hash_of(const char *text, size_t length)
{
	unsigned long hash = 5381;

	while (length-- > 0)
		hash = hash * 33 + (unsigned char)*text++;
	return hash;
}

/* The newline counts: a last line without one is another line. */
static bool
load(struct diff_file *f, const char *name)
{
	size_t room = 0;
	struct text t;

	*f = (struct diff_file){.name = name};
	errno = 0;
	if (diff.missing && strcmp(name, "-") != 0) {
		struct stat st;

		if (stat(name, &st) < 0 && errno == ENOENT)
			return true;
	}
	if (!text_open(&t, name))
		return false;
	while (text_line(&t)) {
		struct diff_line *line;
		size_t length = t.length + t.ended;

		if (f->count == room) {
			room = room ? room * 2 : 256;
			f->lines = util_grow(f->lines, room * sizeof *f->lines);
		}
		line = &f->lines[f->count++];
		line->text = util_alloc(length + 1);
		memcpy(line->text, t.line, t.length);
		line->text[t.length] = '\n';
		line->length = length;
		line->hash = hash_of(line->text, length);
		f->bare = !t.ended;
	}
	text_close(&t);
	return util_status == 0;
}

static void
unload(struct diff_file *f)
{
	while (f->count > 0)
		free(f->lines[--f->count].text);
	free(f->lines);
	free(f->changed);
}

static void
put_line(const struct diff_file *f, size_t i, const char *mark)
{
	fputs(mark, stdout);
	text_put(f->lines[i].text, f->lines[i].length);
	if (f->bare && i + 1 == f->count)
		printf("\n\\ No newline at end of file\n");
}

/* ---- changes ---- */

struct change {
	size_t a, a_end, b, b_end;
};

/* The next change from a and b on; false: there is none. */
static bool
next_change(const struct diff_file *x, const struct diff_file *y,
	    struct change *c)
{
	c->a = c->a_end;
	c->b = c->b_end;
	while (c->a < x->count && c->b < y->count && !x->changed[c->a] &&
	       !y->changed[c->b]) {
		c->a++;
		c->b++;
	}
	c->a_end = c->a;
	c->b_end = c->b;
	while (c->a_end < x->count && x->changed[c->a_end])
		c->a_end++;
	while (c->b_end < y->count && y->changed[c->b_end])
		c->b_end++;
	return c->a < c->a_end || c->b < c->b_end;
}

static void
put_range(size_t from, size_t end)
{
	if (end > from + 1)
		printf("%zu,%zu", from + 1, end);
	else
		printf("%zu", end > from ? end : from);
}

static void
put_normal(const struct diff_file *x, const struct diff_file *y)
{
	struct change c = {0};
	size_t i;

	while (next_change(x, y, &c)) {
		put_range(c.a, c.a_end);
		putchar(c.a == c.a_end ? 'a' : c.b == c.b_end ? 'd' : 'c');
		put_range(c.b, c.b_end);
		putchar('\n');
		for (i = c.a; i < c.a_end; i++)
			put_line(x, i, "< ");
		if (c.a < c.a_end && c.b < c.b_end)
			puts("---");
		for (i = c.b; i < c.b_end; i++)
			put_line(y, i, "> ");
	}
}

static void
put_head(const char *mark, const char *name)
{
	struct stat st;
	char when[64];
	time_t seconds;
	int known = strcmp(name, "-") == 0 ? fstat(0, &st) : stat(name, &st);

	if (known < 0)
		memset(&st, 0, sizeof st);
	seconds = st.st_mtime;
	strftime(when, sizeof when, "%Y-%m-%d %H:%M:%S", localtime(&seconds));
	printf("%s %s\t%s.%09ld", mark, name, when, (long)st.st_mtim.tv_nsec);
	strftime(when, sizeof when, "%z", localtime(&seconds));
	printf(" %s\n", when);
}

static void
put_span(char mark, size_t from, size_t end)
{
	printf("%c%zu", mark, end > from ? from + 1 : from);
	if (end != from + 1)
		printf(",%zu", end - from);
}

/* One hunk: changes that have less than twice `around` lines between them. */
static void
put_hunk(const struct diff_file *x, const struct diff_file *y,
	 struct change first, struct change last)
{
	size_t around = (size_t)diff.around;
	size_t a = first.a > around ? first.a - around : 0;
	size_t b = first.b - (first.a - a), a_end, b_end, i = a, j = b;

	a_end = last.a_end + around < x->count ? last.a_end + around : x->count;
	b_end = last.b_end + (a_end - last.a_end);
	printf("@@ ");
	put_span('-', a, a_end);
	putchar(' ');
	put_span('+', b, b_end);
	printf(" @@\n");
	while (i < a_end || j < b_end) {
		if (i < a_end && x->changed[i]) {
			put_line(x, i++, "-");
		} else if (j < b_end && y->changed[j]) {
			put_line(y, j++, "+");
		} else {
			put_line(x, i++, " ");
			j++;
		}
	}
}

static void
put_unified(const struct diff_file *x, const struct diff_file *y)
{
	struct change c = {0}, first = {0}, last = {0};
	bool open = false;

	put_head("---", x->name);
	put_head("+++", y->name);
	while (next_change(x, y, &c)) {
		if (open && c.a > last.a_end + 2 * (size_t)diff.around) {
			put_hunk(x, y, first, last);
			open = false;
		}
		if (!open)
			first = c;
		open = true;
		last = c;
	}
	if (open)
		put_hunk(x, y, first, last);
}

static bool
any_change(const struct diff_file *x, const struct diff_file *y)
{
	struct change c = {0};

	return next_change(x, y, &c);
}

static void
compare_files(const char *a, const char *b, bool headed)
{
	struct diff_file x, y;

	if (!load(&x, a) || !load(&y, b)) {
		util_status = 2;
		return;
	}
	diff_compare(&x, &y, same_line);
	if (!any_change(&x, &y)) {
		if (diff.same)
			printf("Files %s and %s are identical\n", a, b);
	} else {
		differs = true;
		if (headed && !diff.brief)
			printf("diff%s %s %s\n", diff.words, a, b);
		if (diff.brief)
			printf("Files %s and %s differ\n", a, b);
		else if (diff.around >= 0)
			put_unified(&x, &y);
		else
			put_normal(&x, &y);
	}
	unload(&x);
	unload(&y);
}

/* ---- folders ---- */

static void compare(const char *a, const char *b, bool inside);

static void
only_in(const char *folder, const char *name)
{
	printf("Only in %s: %s\n", folder, name);
	differs = true;
}

static void
compare_entry(const char *a, const char *b, const char *name)
{
	char *x = walk_join(a, name), *y = walk_join(b, name);

	compare(x, y, true);
	free(x);
	free(y);
}

static void
compare_folders(const char *a, const char *b)
{
	char **x = walk_names(a), **y = walk_names(b);
	size_t i = 0, j = 0;

	if (x == NULL || y == NULL) {
		util_fail(x == NULL ? a : b);
		util_status = 2;
	}
	while (x != NULL && y != NULL && (x[i] != NULL || y[j] != NULL)) {
		int order = x[i] == NULL   ? 1
			    : y[j] == NULL ? -1
					   : strcmp(x[i], y[j]);

		if (order == 0 || diff.missing)
			compare_entry(a, b, order <= 0 ? x[i] : y[j]);
		else
			only_in(order < 0 ? a : b, order < 0 ? x[i] : y[j]);
		i += order <= 0;
		j += order >= 0;
	}
	if (x != NULL)
		walk_free_names(x);
	if (y != NULL)
		walk_free_names(y);
}

static void
compare(const char *a, const char *b, bool inside)
{
	bool x = walk_is_directory(a), y = walk_is_directory(b);

	if (x && y && inside && !diff.recurse) {
		printf("Common subdirectories: %s and %s\n", a, b);
	} else if (x && y) {
		compare_folders(a, b);
	} else if (x != y && inside) {
		printf("File %s is a %s while file %s is a %s\n", a,
		       x ? "directory" : "regular file", b,
		       y ? "directory" : "regular file");
		differs = true;
	} else {
		compare_files(a, b, inside);
	}
}

/* A folder and a file: the folder's file of that name. */
static void
compare_operands(char *a, char *b)
{
	bool x = walk_is_directory(a), y = walk_is_directory(b);
	char *last;

	if (x == y) {
		compare(a, b, false);
		return;
	}
	last = walk_last(x ? b : a);
	if (x)
		a = walk_join(a, last);
	else
		b = walk_join(b, last);
	compare(a, b, false);
}

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	util_start("diff", diff_usage);
	util_trouble = 2;
	while ((c = util_option(argv, "abiNqrsuwU:")) >= 0) {
		size_t used = strlen(diff.words);

		if (c == 'U' || c == 'u')
			diff.around =
				c == 'u' ? 3
					 : (long)util_number(optarg, 0, 1000000,
							     "lines");
		diff.brief |= c == 'q';
		diff.same |= c == 's';
		diff.recurse |= c == 'r';
		diff.missing |= c == 'N';
		diff.fold |= c == 'i';
		diff.amounts |= c == 'b';
		diff.blanks |= c == 'w';
		if (used < sizeof diff.words - 16)
			snprintf(diff.words + used, sizeof diff.words - used,
				 c == 'U' ? " -%c%.8s" : " -%c", c, optarg);
	}
	if (argv[optind] == NULL || argv[optind + 1] == NULL ||
	    argv[optind + 2] != NULL)
		util_usage();
	compare_operands(argv[optind], argv[optind + 1]);
	c = util_end();
	return c ? 2 : differs;
}

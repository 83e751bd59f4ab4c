/*
 * Changes as text, in the normal form and in the unified one.
 */
#include "diff.h"
#include "text.h"
#include "util.h"

#include <string.h>
#include <time.h>

static void
diff_print_lines(const struct diff_file *file, size_t from, size_t to,
		 const char *before)
{
	for (; from < to && util_printed(); from++) {
		const struct diff_line *line = &file->lines[from];

		fputs(before, stdout);
		text_put(line->text, line->length);
		if (line->text[line->length - 1] != '\n')
			puts("\n\\ No newline at end of file");
	}
}

/* Line numbers from 1; of no lines the one before. */
static void
diff_print_range(size_t from, size_t to)
{
	printf(to - from > 1 ? "%zu,%zu" : "%zu", from + (to > from), to);
}

void
diff_print_normal(const struct diff_file *a, const struct diff_file *b,
		  const struct diff_changes *changes)
{
	size_t i;

	for (i = 0; i < changes->count && util_printed(); i++) {
		const struct diff_change *c = &changes->list[i];
		bool gone = c->a_end > c->a, new = c->b_end > c->b;

		diff_print_range(c->a, c->a_end);
		putchar(!new ? 'd' : gone ? 'c' : 'a');
		diff_print_range(c->b, c->b_end);
		putchar('\n');
		diff_print_lines(a, c->a, c->a_end, "< ");
		if (gone && new)
			puts("---");
		diff_print_lines(b, c->b, c->b_end, "> ");
	}
}

static void
diff_print_name(const struct diff_file *file, const char *before)
{
	char date[32], zone[8];
	struct tm *time = localtime(&file->st.st_mtim.tv_sec);

	strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S", time);
	strftime(zone, sizeof zone, "%z", time);
	printf("%s %s\t%s.%09ld %s\n", before, file->name, date,
	       file->st.st_mtim.tv_nsec, zone);
}

static void
diff_print_unified_range(size_t from, size_t to)
{
	printf(to - from == 1 ? "%zu" : "%zu,%zu", from + (to > from),
	       to - from);
}

/* A few changes with what stands between and around them. */
static void
diff_print_hunk(const struct diff_file *a, const struct diff_file *b,
		const struct diff_change *c, const struct diff_change *end,
		size_t around)
{
	size_t before = c->a < around ? c->a : around;
	size_t left = a->count - end[-1].a_end;
	size_t after = left < around ? left : around;
	size_t at = c->a - before;

	fputs("@@ -", stdout);
	diff_print_unified_range(at, end[-1].a_end + after);
	fputs(" +", stdout);
	diff_print_unified_range(c->b - before, end[-1].b_end + after);
	puts(" @@");
	for (; c < end; c++) {
		diff_print_lines(a, at, c->a, " ");
		diff_print_lines(a, c->a, c->a_end, "-");
		diff_print_lines(b, c->b, c->b_end, "+");
		at = c->a_end;
	}
	diff_print_lines(a, at, at + after, " ");
}

void
diff_print_unified(const struct diff_file *a, const struct diff_file *b,
		   const struct diff_changes *changes, size_t around)
{
	const struct diff_change *c = changes->list, *all = c + changes->count;
	const struct diff_change *end;

	diff_print_name(a, "---");
	diff_print_name(b, "+++");
	for (; c < all && util_printed(); c = end) {
		for (end = c + 1; end < all; end++)
			if (end->a - end[-1].a_end > 2 * around)
				break;
		diff_print_hunk(a, b, c, end, around);
	}
}

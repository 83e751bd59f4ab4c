/*
 * Which lines two files have in common, after Myers: the shortest way through
 * the grid of both, found from both ends to where they meet, and each half
 * likewise.  Needs memory for one diagonal a line.
 */
#include "diff.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

static struct diff_file *one, *two;
static bool (*equal)(const struct diff_line *, const struct diff_line *);
static long *forward, *backward; /* by diagonal: the furthest line of `one` */

struct box {
	long a, a_end, b, b_end;
};

static bool
same_at(long a, long b)
{
	return equal(&one->lines[a], &two->lines[b]);
}

/* The place where the ways from both ends of the box meet. */
static void
middle(const struct box *box, long *a, long *b)
{
	long delta = (box->a_end - box->b_end) - (box->a - box->b);
	long origin = box->a - box->b;
	long d, k;

	forward[origin + 1] = box->a;
	backward[origin + delta - 1] = box->a_end;
	for (d = 0;; d++) {
		for (k = -d; k <= d; k += 2) {
			long x = k == -d || (k != d &&
					     forward[origin + k - 1] <
						     forward[origin + k + 1])
					 ? forward[origin + k + 1]
					 : forward[origin + k - 1] + 1;
			long y = x - origin - k;

			while (x < box->a_end && y < box->b_end &&
			       same_at(x, y)) {
				x++;
				y++;
			}
			forward[origin + k] = x;
			if (delta % 2 != 0 && k >= delta - (d - 1) &&
			    k <= delta + (d - 1) && x >= backward[origin + k]) {
				*a = x;
				*b = y;
				return;
			}
		}
		for (k = -d; k <= d; k += 2) {
			long at = origin + delta + k;
			long x = k == d || (k != -d &&
					    backward[at - 1] < backward[at + 1])
					 ? backward[at - 1]
					 : backward[at + 1] - 1;
			long y = x - at;

			while (x > box->a && y > box->b &&
			       same_at(x - 1, y - 1)) {
				x--;
				y--;
			}
			backward[at] = x;
			if (delta % 2 == 0 && delta + k >= -d &&
			    delta + k <= d && x <= forward[at]) {
				*a = x;
				*b = y;
				return;
			}
		}
	}
}

static void
compare_box(struct box box)
{
	long a, b;

	while (box.a < box.a_end && box.b < box.b_end &&
	       same_at(box.a, box.b)) {
		box.a++;
		box.b++;
	}
	while (box.a < box.a_end && box.b < box.b_end &&
	       same_at(box.a_end - 1, box.b_end - 1)) {
		box.a_end--;
		box.b_end--;
	}
	if (box.a == box.a_end || box.b == box.b_end) {
		for (; box.a < box.a_end; box.a++)
			one->changed[box.a] = true;
		for (; box.b < box.b_end; box.b++)
			two->changed[box.b] = true;
		return;
	}
	middle(&box, &a, &b);
	compare_box((struct box){box.a, a, box.b, b});
	compare_box((struct box){a, box.a_end, b, box.b_end});
}

static void *
diagonals(size_t count)
{
	return util_alloc(count * sizeof(long));
}

void
diff_compare(struct diff_file *a, struct diff_file *b,
	     bool (*same)(const struct diff_line *, const struct diff_line *))
{
	size_t span = a->count + b->count + 4;
	long *memory_a = diagonals(2 * span), *memory_b = diagonals(2 * span);

	one = a;
	two = b;
	equal = same;
	a->changed = util_alloc(a->count + 1);
	b->changed = util_alloc(b->count + 1);
	memset(a->changed, 0, a->count + 1);
	memset(b->changed, 0, b->count + 1);
	forward = memory_a + span;
	backward = memory_b + span;
	compare_box((struct box){0, (long)a->count, 0, (long)b->count});
	free(memory_a);
	free(memory_b);
}

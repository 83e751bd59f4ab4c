/*
 * The shell's history: numbers, places, what is forgotten.
 *
 * with: ports/dash/edit/history.c
 */
#include "ports/dash/edit/edit.h"
#include "test.h"

static HistEvent event;

static History *
with_lines(int size, int count)
{
	History *h = history_init();
	char line[16] = "echo 0\n";
	int i;

	CHECK(h != NULL);
	CHECK_EQ(history(h, &event, H_SETSIZE, size), 0);
	for (i = 1; i <= count; i++) {
		line[5] = (char)('0' + i);
		CHECK_EQ(history(h, &event, H_ENTER, line), 0);
	}
	return h;
}

TEST(history_numbers_what_is_entered_from_1)
{
	History *h = with_lines(10, 3);

	CHECK_EQ(history(h, &event, H_FIRST), 0);
	CHECK_EQ(event.num, 3);
	CHECK_STR(event.str, "echo 3\n");
	CHECK_EQ(history(h, &event, H_LAST), 0);
	CHECK_EQ(event.num, 1);
	history_end(h);
}

TEST(history_goes_to_older_and_newer_and_stops_at_its_ends)
{
	History *h = with_lines(10, 2);

	CHECK_EQ(history(h, &event, H_FIRST), 0);
	CHECK_EQ(history(h, &event, H_PREV), -1);
	CHECK_EQ(history(h, &event, H_NEXT), 0);
	CHECK_EQ(event.num, 1);
	CHECK_EQ(history(h, &event, H_NEXT), -1);
	CHECK_EQ(history(h, &event, H_PREV), 0);
	CHECK_EQ(event.num, 2);
	history_end(h);
}

TEST(history_forgets_the_oldest_and_keeps_numbers)
{
	History *h = with_lines(3, 5);

	CHECK_EQ(history(h, &event, H_LAST), 0);
	CHECK_EQ(event.num, 3);
	CHECK_STR(event.str, "echo 3\n");
	CHECK_EQ(history(h, &event, H_SETSIZE, 1), 0);
	CHECK_EQ(history(h, &event, H_LAST), 0);
	CHECK_EQ(event.num, 5);
	CHECK_EQ(history(h, &event, H_SETSIZE, 0), 0);
	CHECK_EQ(history(h, &event, H_ENTER, "echo 6\n"), 0);
	CHECK_EQ(history(h, &event, H_FIRST), 0);
	CHECK_EQ(event.num, 6);
	history_end(h);
}

TEST(history_finds_by_number_and_by_begin)
{
	History *h = with_lines(10, 4);

	CHECK_EQ(history(h, &event, H_FIRST), 0);
	CHECK_EQ(history(h, &event, H_NEXT_EVENT, 2), 0);
	CHECK_STR(event.str, "echo 2\n");
	CHECK_EQ(history(h, &event, H_NEXT_EVENT, 4), -1);
	CHECK_EQ(history(h, &event, H_FIRST), 0);
	CHECK_EQ(history(h, &event, H_PREV_STR, "echo 3"), 0);
	CHECK_EQ(event.num, 3);
	CHECK_EQ(history(h, &event, H_PREV_STR, "nothing"), -1);
	history_end(h);
}

TEST(history_appends_lines_to_the_newest)
{
	History *h = with_lines(10, 1);

	CHECK_EQ(history(h, &event, H_APPEND, "more\n"), 0);
	CHECK_EQ(history(h, &event, H_FIRST), 0);
	CHECK_STR(event.str, "echo 1\nmore\n");
	CHECK_STR(history_text(h, 0), "echo 1\nmore\n");
	CHECK(history_text(h, 1) == NULL);
	history_end(h);
}

TEST(history_that_is_empty_has_no_events)
{
	History *h = history_init();

	CHECK_EQ(history(h, &event, H_FIRST), -1);
	CHECK_EQ(history(h, &event, H_LAST), -1);
	CHECK_EQ(history(h, &event, H_NEXT), -1);
	CHECK_EQ(history(h, &event, H_ENTER, "no room yet\n"), -1);
	CHECK_EQ(history(h, &event, H_SETSIZE, 2), 0);
	CHECK_EQ(history(h, &event, H_APPEND, "first\n"), 0);
	CHECK_EQ(history(h, &event, H_FIRST), 0);
	CHECK_EQ(event.num, 1);
	history_end(h);
}

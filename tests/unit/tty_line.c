/*
 * The terminal's line discipline: keys in, lines and echo out.
 *
 * with: schemes/tty/line.c
 */
#include <stdio.h>
#include "abi/signal.h"
#include "schemes/tty/line.h"
#include "test.h"

static struct line line;
static char shown[65536];
static size_t shown_used;

static void
fresh(uint32_t off)
{
	line_init(&line);
	line.termios.c_lflag &= ~off;
	shown_used = 0;
	shown[0] = '\0';
}

static int
type(const char *keys)
{
	struct line_echo echo;
	int sig = 0;

	for (; *keys && !sig; keys++) {
		sig = line_input(&line, *keys, &echo);
		memcpy(shown + shown_used, echo.bytes, echo.used);
		shown_used += echo.used;
		shown[shown_used] = '\0';
	}
	return sig;
}

/* What one read of up to n bytes gets. */
static const char *
get(size_t n, bool *ended)
{
	static char text[2 * LINE_SIZE];
	uint32_t from = line.first, consume;

	text[line_peek(&line, text, n, &consume, ended)] = '\0';
	line_consume(&line, from, consume);
	return text;
}

TEST(tty_line_is_readable_when_it_is_ended)
{
	bool ended;

	fresh(0);
	type("abc");
	CHECK_EQ(line_ready(&line), 0);
	type("d\r");
	CHECK_STR(shown, "abcd\n");
	CHECK_STR(get(100, &ended), "abcd\n");
	CHECK(ended);
	CHECK_EQ(line_ready(&line), 0);
}

TEST(tty_read_takes_one_line_at_a_time)
{
	bool ended;

	fresh(0);
	type("one\ntwo\n");
	CHECK_STR(get(2, &ended), "on");
	CHECK(!ended);
	CHECK_STR(get(100, &ended), "e\n");
	CHECK_STR(get(100, &ended), "two\n");
}

TEST(tty_erase_and_kill_edit_the_line)
{
	bool ended;

	fresh(0);
	type("ab\x7f");
	CHECK_STR(shown, "ab\b \b");
	type("\x7f\x7f\x7f");
	CHECK_STR(shown, "ab\b \b\b \b");
	type("old\x15new\n");
	CHECK_STR(get(100, &ended), "new\n");
}

TEST(tty_erase_does_not_reach_an_ended_line)
{
	bool ended;

	fresh(0);
	type("a\n\x7f\x7f\n");
	CHECK_STR(get(100, &ended), "a\n");
	CHECK_STR(get(100, &ended), "\n");
}

TEST(tty_erase_takes_a_whole_character)
{
	bool ended;

	fresh(0);
	type("x\xc3\xa4\x7f\x01\x7f\n");
	CHECK_STR(shown, "x\xc3\xa4\b \b^A\b \b\b \b\n");
	CHECK_STR(get(100, &ended), "x\n");
}

TEST(tty_end_of_input_ends_a_read)
{
	bool ended;

	fresh(0);
	type("\x04");
	CHECK(line_ready(&line) > 0);
	CHECK_STR(get(100, &ended), "");
	CHECK(ended);
	type("ab\x04");
	CHECK_STR(get(100, &ended), "ab");
	CHECK(ended);
	CHECK_EQ(line_ready(&line), 0);
}

TEST(tty_end_of_input_behind_a_full_read_is_not_another_end)
{
	bool ended;

	fresh(0);
	type("ab\x04");
	CHECK_STR(get(2, &ended), "ab");
	CHECK_EQ(line_ready(&line), 0);
}

TEST(tty_control_keys_are_signals)
{
	fresh(0);
	CHECK_EQ(type("abc\x03"), KSIGINT);
	CHECK_STR(shown, "abc^C\n");
	CHECK_EQ(type("\x1c"), KSIGQUIT);
	CHECK_EQ(line.last, line.first);
	fresh(LINE_ISIG);
	CHECK_EQ(type("\x03\n"), 0);
	CHECK_EQ(line_ready(&line), 2);
}

TEST(tty_raw_keys_are_readable_at_once)
{
	bool ended;

	fresh(LINE_ICANON | LINE_ECHO | LINE_ISIG);
	line.termios.c_iflag = 0;
	type("a\r\x03\x04\x7f");
	CHECK_STR(shown, "");
	CHECK_STR(get(100, &ended), "a\r\x03\x04\x7f");
	CHECK(!ended);
}

TEST(tty_leaving_canonical_mode_frees_the_unfinished_line)
{
	struct abi_termios raw;
	bool ended;

	fresh(0);
	type("abc");
	raw = line.termios;
	raw.c_lflag &= ~(uint32_t)LINE_ICANON;
	line_set(&line, &raw);
	CHECK_STR(get(100, &ended), "abc");
}

TEST(tty_end_of_input_typed_before_raw_mode_is_a_key)
{
	struct abi_termios raw;
	bool ended;

	fresh(0);
	type("ab\x04");
	raw = line.termios;
	raw.c_lflag &= ~(uint32_t)LINE_ICANON;
	line_set(&line, &raw);
	CHECK_STR(get(2, &ended), "ab");
	CHECK(!ended);
	CHECK_STR(get(100, &ended), "\x04");
	CHECK(!ended);
}

TEST(tty_full_line_rings_and_can_still_be_ended)
{
	bool ended;
	size_t i;

	fresh(LINE_ECHO);
	for (i = 0; i < LINE_SIZE + 100; i++)
		type("x");
	CHECK_EQ(line.last - line.first, LINE_SIZE - 2);
	CHECK_EQ(shown_used, 102);
	CHECK_EQ(shown[0], '\a');
	type("\n");
	CHECK_EQ(strlen(get(2 * LINE_SIZE, &ended)), LINE_SIZE - 1);
	CHECK(ended);
}

TEST(tty_keys_are_kept_in_order_around_the_ring)
{
	char text[16], expected[16];
	bool ended;
	int i;

	fresh(LINE_ECHO);
	for (i = 0; i < 5000; i++) {
		snprintf(text, sizeof(text), "%d\n", i);
		memcpy(expected, text, sizeof(text));
		type(text);
		CHECK_STR(get(100, &ended), expected);
	}
}

TEST(tty_flushed_keys_are_not_taken_twice)
{
	uint32_t from, consume;
	char text[8];
	bool ended;

	fresh(0);
	type("ab\n");
	from = line.first;
	line_peek(&line, text, sizeof(text), &consume, &ended);
	line_flush(&line);
	type("c\n");
	line_consume(&line, from, consume);
	CHECK_STR(get(100, &ended), "c\n");
}

TEST(tty_newline_goes_out_as_two)
{
	char out[2];

	fresh(0);
	CHECK_EQ(line_output(&line, 'a', out), 1);
	CHECK_EQ(line_output(&line, '\n', out), 2);
	CHECK_EQ(out[0], '\r');
	line.termios.c_oflag = 0;
	CHECK_EQ(line_output(&line, '\n', out), 1);
}

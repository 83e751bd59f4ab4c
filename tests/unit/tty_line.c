/*
 * The terminal's line discipline: keys in, lines out to who reads.
 *
 * with: schemes/tty/line.c schemes/tty/line_edit.c schemes/tty/line_read.c
 * with: schemes/tty/line_output.c schemes/tty/line_width.c
 */
#include "tty_line.h"

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

TEST(tty_full_line_rings_and_can_still_be_ended)
{
	bool ended;
	size_t i;

	fresh(LINE_ECHO);
	for (i = 0; i < LINE_SIZE + 99; i++)
		type("x");
	CHECK_EQ(line.last - line.first, LINE_SIZE - 1);
	CHECK_EQ(shown_used, 100);
	CHECK_EQ(shown[0], '\a');
	CHECK(line_has_room(&line));
	type("\n");
	CHECK_EQ(strlen(get(2 * LINE_SIZE, &ended)), LINE_SIZE);
	CHECK(ended);
}

TEST(tty_full_line_is_ended_by_the_end_of_input_too)
{
	bool ended;
	size_t i;

	fresh(LINE_ECHO);
	for (i = 0; i < LINE_SIZE; i++)
		type("x");
	type("\x04");
	CHECK_EQ(strlen(get(2 * LINE_SIZE, &ended)), LINE_SIZE - 1);
	CHECK(ended);
	CHECK_EQ(line_ready(&line), 0);
}

TEST(tty_keys_wait_while_a_reader_can_make_room)
{
	bool ended;
	size_t i;

	fresh(LINE_ECHO);
	type("first\n");
	for (i = 0; i < LINE_SIZE && line_has_room(&line); i++)
		type("x");
	CHECK_EQ(i, LINE_SIZE - 1 - strlen("first\n"));
	CHECK_EQ(shown_used, 0);
	CHECK_STR(get(100, &ended), "first\n");
	CHECK(line_has_room(&line));
	type("y\n");
	CHECK_EQ(strlen(get(2 * LINE_SIZE, &ended)), i + 2);
	CHECK_EQ(shown_used, 0);
}

TEST(tty_raw_keys_wait_and_none_is_lost)
{
	size_t i, got = 0, sent = 0;
	bool ended;

	fresh(LINE_ICANON | LINE_ECHO);
	for (i = 0; i < 10; i++) {
		for (; line_has_room(&line); sent++)
			type("x");
		got += strlen(get(1000, &ended));
	}
	while (line_ready(&line))
		got += strlen(get(1000, &ended));
	CHECK_EQ(got, sent);
	CHECK_EQ(shown_used, 0);
}

TEST(tty_bell_is_silent_without_IMAXBEL)
{
	size_t i;

	fresh(LINE_ECHO);
	line.termios.c_iflag &= ~(uint32_t)LINE_IMAXBEL;
	for (i = 0; i < LINE_SIZE + 10; i++)
		type("x");
	CHECK_EQ(shown_used, 0);
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

/* ---- ends ---- */

TEST(tty_other_ends_of_line_end_it)
{
	bool ended;

	fresh(0);
	set_key(LINE_VEOL, ';');
	set_key(LINE_VEOL2, '!');
	type("a;b!c\x16;d\n");
	CHECK_STR(get(100, &ended), "a;");
	CHECK(ended);
	CHECK_STR(get(100, &ended), "b!");
	CHECK_STR(get(100, &ended), "c;d\n");
}

TEST(tty_key_that_is_switched_off_is_text)
{
	bool ended;

	fresh(0);
	set_key(LINE_VINTR, '\0');
	set_key(LINE_VEOF, '\0');
	CHECK_EQ(type("\x03\x04\n"), 0);
	CHECK_EQ(line_input(&line, '\0'), 0);
	type("\n");
	CHECK_STR(get(100, &ended), "\x03\x04\n");
	CHECK_EQ(line_bytes(&line), 2);
}

TEST(tty_carriage_returns_are_translated_as_asked_for)
{
	bool ended;

	fresh(0);
	line.termios.c_iflag = LINE_IGNCR | LINE_ICRNL;
	type("a\r\n");
	CHECK_STR(get(100, &ended), "a\n");
	line.termios.c_iflag = LINE_INLCR;
	type("b\n");
	CHECK_EQ(line_ready(&line), 0);
	line.termios.c_iflag = LINE_ICRNL;
	type("\r");
	CHECK_STR(get(100, &ended), "b\r\n");
}

TEST(tty_input_is_stripped_to_seven_bits)
{
	bool ended;

	fresh(0);
	line.termios.c_iflag |= LINE_ISTRIP;
	CHECK_EQ(type("\xe1\n"), 0);
	CHECK_STR(get(100, &ended), "a\n");
	CHECK_EQ(type("\x83"), KSIGINT);
}

TEST(tty_ends_of_input_are_keys_when_the_mode_is_raw)
{
	struct abi_termios raw;
	bool ended;

	fresh(0);
	type("a\x04");
	type("\x04");
	type("b\n");
	raw = line.termios;
	raw.c_lflag &= ~(uint32_t)LINE_ICANON;
	line_set(&line, &raw);
	CHECK_EQ(line_bytes(&line), 5);
	CHECK_STR(get(1, &ended), "a");
	CHECK(!ended);
	CHECK_STR(get(100, &ended), "\x04\x04"
				    "b\n");
	CHECK(!ended);
	CHECK_EQ(line_ready(&line), 0);
}

TEST(tty_bytes_are_counted_without_ends_of_input)
{
	fresh(0);
	type("abc\x04");
	CHECK_EQ(line_bytes(&line), 3);
	type("\x04");
	CHECK_EQ(line_bytes(&line), 3);
}

/* ---- signals ---- */

TEST(tty_control_keys_are_signals)
{
	fresh(0);
	CHECK_EQ(type("abc\x03"), KSIGINT);
	CHECK_STR(shown, "abc^C");
	CHECK_EQ(type("\x1c"), KSIGQUIT);
	CHECK_EQ(type("x\x1a"), KSIGTSTP);
	CHECK_EQ(dropped, 3);
	CHECK_EQ(line.last, line.first);
	fresh(LINE_ISIG);
	CHECK_EQ(type("\x03\n"), 0);
	CHECK_EQ(line_ready(&line), 2);
}

TEST(tty_signal_keeps_what_was_typed_with_NOFLSH)
{
	bool ended;

	fresh(0);
	line.termios.c_lflag |= LINE_NOFLSH;
	CHECK_EQ(type("one\ntwo\x03"), KSIGINT);
	CHECK_EQ(dropped, 0);
	type("3\n");
	CHECK_STR(get(100, &ended), "one\n");
	CHECK_STR(get(100, &ended), "two3\n");
}

/*
 * What goes out to the terminal: echo, output and its translations, and what
 * stops and starts it.
 *
 * with: schemes/tty/line.c schemes/tty/line_edit.c schemes/tty/line_read.c
 * with: schemes/tty/line_output.c schemes/tty/line_width.c
 */
#include "tty_line.h"

/* ---- echo ---- */

TEST(tty_echo_off_shows_nothing_but_what_ECHONL_asks_for)
{
	fresh(LINE_ECHO);
	type("secret\x7f\x15x\x17\x12\n");
	CHECK_STR(shown, "");
	fresh(LINE_ECHO);
	line.termios.c_lflag |= LINE_ECHONL;
	type("secret\n");
	CHECK_STR(shown, "\n");
}

TEST(tty_control_keys_are_shown_with_a_caret_only_with_ECHOCTL)
{
	fresh(0);
	type("\x01\t\x1b");
	CHECK_STR(shown, "^A\t^[");
	fresh(LINE_ECHOCTL);
	type("\x01\t\x1b");
	CHECK_STR(shown, "\x01\t\x1b");
}

/* ---- flow ---- */

TEST(tty_output_is_stopped_and_started_by_keys)
{
	bool ended;

	fresh(0);
	type("a\x13");
	CHECK(line.stopped);
	type("b\x13");
	CHECK(line.stopped);
	type("\x11");
	CHECK(!line.stopped);
	type("\n");
	CHECK_STR(get(100, &ended), "ab\n");
}

TEST(tty_any_key_starts_output_with_IXANY)
{
	fresh(0);
	type("\x13");
	line.termios.c_iflag |= LINE_IXANY;
	type("x");
	CHECK(!line.stopped);
}

TEST(tty_one_key_may_stop_and_start)
{
	fresh(0);
	set_key(LINE_VSTART, 'S' - '@');
	type("\x13");
	CHECK(line.stopped);
	type("\x13");
	CHECK(!line.stopped);
}

TEST(tty_signal_starts_output)
{
	fresh(0);
	type("\x13");
	CHECK_EQ(type("\x03"), KSIGINT);
	CHECK(!line.stopped);
}

TEST(tty_stopping_keys_are_text_without_IXON)
{
	struct abi_termios off;
	bool ended;

	fresh(0);
	type("\x13");
	off = line.termios;
	off.c_iflag &= ~(uint32_t)LINE_IXON;
	line_set(&line, &off);
	CHECK(!line.stopped);
	type("\x13\x11\n");
	CHECK_STR(get(100, &ended), "\x13\x11\n");
}

TEST(tty_sender_is_stopped_before_there_is_no_room)
{
	bool ended;
	size_t i;

	fresh(LINE_ICANON | LINE_ECHO);
	line.termios.c_iflag |= LINE_IXOFF;
	for (i = 0; i < LINE_SIZE - 1; i++) {
		type("x");
		line_throttle(&line);
	}
	CHECK_STR(urgent, "\x13");
	get(LINE_SIZE / 2, &ended);
	CHECK_STR(urgent, "\x13");
	get(LINE_SIZE / 2, &ended);
	CHECK_STR(urgent, "\x13\x11");
}

/* ---- output ---- */

TEST(tty_output_is_as_it_was_without_OPOST)
{
	fresh(0);
	line.termios.c_oflag = (uint32_t)~LINE_OPOST;
	write_out("a\n\r\t");
	CHECK_STR(shown, "a\n\r\t");
}

TEST(tty_newline_goes_out_as_two)
{
	fresh(0);
	line.termios.c_oflag = LINE_OPOST | LINE_ONLCR;
	write_out("a\nb\n");
	CHECK_STR(shown, "a\r\nb\r\n");
	clear();
	line.termios.c_oflag = LINE_OPOST;
	write_out("a\n");
	CHECK_STR(shown, "a\n");
}

TEST(tty_carriage_return_goes_out_as_asked_for)
{
	fresh(0);
	line.termios.c_oflag = LINE_OPOST | LINE_OCRNL;
	write_out("a\rb");
	CHECK_STR(shown, "a\nb");
	fresh(0);
	line.termios.c_oflag = LINE_OPOST | LINE_ONOCR;
	write_out("\ra\r\rb");
	CHECK_STR(shown, "a\rb");
	fresh(0);
	line.termios.c_oflag = LINE_OPOST | LINE_ONOCR | LINE_ONLRET;
	write_out("a\n\rb");
	CHECK_STR(shown, "a\nb");
}

TEST(tty_tabs_go_out_as_spaces)
{
	fresh(0);
	line.termios.c_oflag = LINE_OPOST | LINE_TABDLY;
	write_out("a\tbc\xc3\xa4\td");
	CHECK_STR(shown, "a       bc\xc3\xa4     d");
}

TEST(tty_widths_are_those_of_the_blocks)
{
	CHECK_EQ(line_width('a'), 1);
	CHECK_EQ(line_width(0xe4), 1);
	CHECK_EQ(line_width(0x300), 0);
	CHECK_EQ(line_width(0x36f), 0);
	CHECK_EQ(line_width(0x370), 1);
	CHECK_EQ(line_width(0x4e00), 2);
	CHECK_EQ(line_width(0xac00), 2);
	CHECK_EQ(line_width(0xff21), 2);
	CHECK_EQ(line_width(0x1f600), 2);
	CHECK_EQ(line_width(0x10ffff), 1);
}

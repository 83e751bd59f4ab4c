/*
 * The terminal's line discipline: keys in, lines and echo out.
 *
 * with: schemes/tty/line.c schemes/tty/line_edit.c schemes/tty/line_read.c
 * with: schemes/tty/line_output.c schemes/tty/line_width.c
 */
#include <stdio.h>
#include "abi/signal.h"
#include "schemes/tty/line.h"
#include "test.h"

static struct line line;
static char shown[262144], urgent[16];
static size_t shown_used, urgent_used;
static int dropped;

static void
show(struct line *of, char c)
{
	(void)of;
	shown[shown_used++] = c;
	shown[shown_used] = '\0';
}

static void
show_first(struct line *of, char c)
{
	(void)of;
	urgent[urgent_used++] = c;
	urgent[urgent_used] = '\0';
}

static void
drop(struct line *of)
{
	(void)of;
	dropped++;
}

static const struct line_ops ops = {show, show_first, drop};

static void
clear(void)
{
	shown_used = urgent_used = 0;
	shown[0] = urgent[0] = '\0';
	dropped = 0;
}

/* Without OPOST, so that what is shown is what was echoed. */
static void
fresh(uint32_t off)
{
	line_init(&line, &ops);
	line.termios.c_lflag &= ~off;
	line.termios.c_oflag = 0;
	clear();
}

static int
type(const char *keys)
{
	int sig = 0;

	for (; *keys && !sig; keys++)
		sig = line_input(&line, *keys);
	return sig;
}

static void
write_out(const char *bytes)
{
	for (; *bytes; bytes++)
		line_write(&line, *bytes);
}

static void
set_key(unsigned which, char key)
{
	line.termios.c_cc[which] = (uint8_t)key;
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
	clear();
	type("old\x15new\n");
	CHECK_STR(shown, "old\b \b\b \b\b \bnew\n");
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
	CHECK_STR(shown, "abc^C");
	CHECK_EQ(type("\x1c"), KSIGQUIT);
	CHECK_EQ(type("x\x1a"), KSIGTSTP);
	CHECK_EQ(dropped, 3);
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

/* ---- erase ---- */

TEST(tty_erase_of_a_wide_character_takes_two_columns)
{
	bool ended;

	fresh(0);
	type("a\xe4\xb8\xad\x7f"); /* an ideograph */
	CHECK_STR(shown, "a\xe4\xb8\xad\b \b\b \b");
	clear();
	type("e\xcc\x81\x7f"); /* a combining accent */
	CHECK_STR(shown, "e\xcc\x81");
	clear();
	type("\xf0\x9f\x98\x80\x7f\n"); /* a face, of four bytes */
	CHECK_STR(shown, "\xf0\x9f\x98\x80\b \b\b \b\n");
	CHECK_STR(get(100, &ended), "ae\n");
}

TEST(tty_erase_is_of_bytes_without_IUTF8)
{
	bool ended;

	fresh(0);
	line.termios.c_iflag &= ~(uint32_t)LINE_IUTF8;
	type("x\xc3\xa4\x7f\n");
	CHECK_STR(get(100, &ended), "x\xc3\n");
}

TEST(tty_erase_of_broken_text_takes_back_what_is_there)
{
	bool ended;

	fresh(0);
	type("\x80\xbf\x80\x7f\n");
	CHECK_STR(get(100, &ended), "\n");
	type("a\xe4\xb8\x7f\n");
	CHECK_STR(get(100, &ended), "a\n");
	type("\xff\xfe\x7f\x7f\n");
	CHECK_STR(get(100, &ended), "\n");
}

TEST(tty_erase_of_a_tab_goes_back_to_where_it_began)
{
	fresh(0);
	write_out("$ ");
	clear();
	type("ab\t\x7f");
	CHECK_STR(shown, "ab\t\b \b\b \b\b \b\b \b");
	clear();
	type("\x7f");
	CHECK_STR(shown, "\b \b");
}

TEST(tty_erase_is_shown_as_its_key_without_ECHOE)
{
	bool ended;

	fresh(LINE_ECHOE);
	type("ab\x7f\n");
	CHECK_STR(shown, "ab^?\n");
	CHECK_STR(get(100, &ended), "a\n");
}

TEST(tty_control_characters_have_no_width_without_ECHOCTL)
{
	fresh(LINE_ECHOCTL);
	type("a\x01");
	clear();
	type("\x7f");
	CHECK_STR(shown, "");
}

TEST(tty_word_erase_takes_a_word_and_what_is_behind_it)
{
	bool ended;

	fresh(0);
	type("one two_2, \x17");
	CHECK_STR(shown, "one two_2, \b \b\b \b\b \b\b \b\b \b\b \b\b \b");
	type("3\n");
	CHECK_STR(get(100, &ended), "one 3\n");
	type("gr\xc3\xbc\xc3\x9f\x65\x17x\n");
	CHECK_STR(get(100, &ended), "x\n");
	type("\x17\x17  \x17y\n");
	CHECK_STR(get(100, &ended), "y\n");
}

TEST(tty_kill_is_shown_as_the_settings_say)
{
	fresh(LINE_ECHOKE);
	type("ab\x15");
	CHECK_STR(shown, "ab^U\n");
	fresh(LINE_ECHOKE | LINE_ECHOK);
	type("ab\x15");
	CHECK_STR(shown, "ab^U");
	fresh(LINE_ECHO);
	type("ab\x15");
	CHECK_STR(shown, "");
}

TEST(tty_reprint_shows_the_line_again)
{
	bool ended;

	fresh(0);
	type("a\x01\xc3\xa4\x12");
	CHECK_STR(shown, "a^A\xc3\xa4^R\na^A\xc3\xa4");
	type("\n");
	CHECK_STR(get(100, &ended), "a\x01\xc3\xa4\n");
}

TEST(tty_literal_key_is_text_whatever_it_is)
{
	bool ended;

	fresh(0);
	CHECK_EQ(type("\x16\x03\x16\x7f\x16\x04\x16\nx\n"), 0);
	CHECK_STR(shown, "^\b^C^\b^?^\b^D^\b^Jx\n");
	CHECK_STR(get(100, &ended), "\x03\x7f\x04\nx\n");
	CHECK(ended);
}

TEST(tty_extended_keys_are_text_without_IEXTEN)
{
	bool ended;

	fresh(LINE_IEXTEN);
	type("a\x17\x16\x12\n");
	CHECK_STR(get(100, &ended), "a\x17\x16\x12\n");
}

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

TEST(tty_ends_of_input_go_when_the_mode_is_raw)
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
	CHECK_EQ(line_bytes(&line), 3);
	CHECK_STR(get(100, &ended), "ab\n");
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

/* ---- signals and flow ---- */

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

/*
 * The keys that edit a line of the terminal, and what they show.
 *
 * with: schemes/tty/line.c schemes/tty/line_edit.c schemes/tty/line_read.c
 * with: schemes/tty/line_output.c schemes/tty/line_width.c
 */
#include "tty_line.h"

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

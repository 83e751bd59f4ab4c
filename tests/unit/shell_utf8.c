/*
 * The line editor's characters: whole ones, broken ones, their widths.
 *
 * with: ports/linenoise/src/utf8.c
 */
#include <locale.h>
#include "ports/linenoise/src/utf8.h"
#include "test.h"

static int
code_of(const char *text, int *size)
{
	int code;

	*size = utf8_tounicode(text, &code);
	return code;
}

TEST(utf8_characters_are_read_whole)
{
	int size;

	CHECK_EQ(code_of("a", &size), 'a');
	CHECK_EQ(size, 1);
	CHECK_EQ(code_of("\xc3\xa9", &size), 0xe9);
	CHECK_EQ(size, 2);
	CHECK_EQ(code_of("\xe4\xb8\xad", &size), 0x4e2d);
	CHECK_EQ(size, 3);
	CHECK_EQ(code_of("\xf0\x9f\x98\x80", &size), 0x1f600);
	CHECK_EQ(size, 4);
	CHECK_EQ(code_of("", &size), 0);
	CHECK_EQ(size, 0);
}

TEST(utf8_broken_bytes_are_characters_of_their_own)
{
	int size;

	CHECK_EQ(code_of("\x80x", &size), 0xfffd);
	CHECK_EQ(size, 1);
	CHECK_EQ(code_of("\xe4\xb8", &size), 0xfffd);
	CHECK_EQ(size, 1);
	CHECK_EQ(utf8_strlen("\xe4\xb8", -1), 2);
	CHECK_EQ(utf8_charlen('\xff'), -1);
	CHECK_EQ(utf8_charlen('\xc0'), -1);
}

TEST(utf8_places_are_counted_in_characters)
{
	CHECK_EQ(utf8_strlen("a\xc3\xa9\xe4\xb8\xad", -1), 3);
	CHECK_EQ(utf8_strlen("a\xc3\xa9\xe4\xb8\xad", 3), 2);
	CHECK_EQ(utf8_index("a\xc3\xa9z", 2), 3);
	CHECK_EQ(utf8_index("ab", 9), 2);
}

TEST(utf8_characters_are_written_as_they_were_read)
{
	static const unsigned codes[] = {'a',	0x7f,	0x80,	 0x7ff,
					 0x800, 0xffff, 0x10000, 0x10ffff};
	size_t i;
	char text[MAX_UTF8_LEN + 1];
	int size;

	for (i = 0; i < sizeof codes / sizeof *codes; i++) {
		text[utf8_fromunicode(text, codes[i])] = '\0';
		CHECK_EQ(code_of(text, &size), codes[i]);
		CHECK_EQ(size, (int)strlen(text));
	}
}

TEST(utf8_wide_characters_take_two_columns)
{
	CHECK(setlocale(LC_ALL, "C.UTF-8") != NULL);
	CHECK_EQ(utf8_width('a'), 1);
	CHECK_EQ(utf8_width(0x4e2d), 2);
	CHECK_EQ(utf8_width(0x301), 0);
}

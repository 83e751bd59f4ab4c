/*
 * UTF-8 for linenoise: lengths, places, widths.  Called by linenoise.c alone.
 */
#include "utf8.h"

#include <string.h>
#include <wchar.h>

#define BROKEN 0xfffd

int
utf8_charlen(int first)
{
	unsigned char c = (unsigned char)first;

	if (c < 0x80)
		return 1;
	if (c >= 0xc2 && c < 0xe0)
		return 2;
	if (c >= 0xe0 && c < 0xf0)
		return 3;
	return c >= 0xf0 && c < 0xf5 ? 4 : -1;
}

/* Whether the bytes after the first are there; a NUL is not one of them. */
static int
utf8_whole(const char *text, int size)
{
	int i;

	for (i = 1; i < size; i++)
		if ((text[i] & 0xc0) != 0x80)
			return 0;
	return 1;
}

int
utf8_tounicode(const char *text, int *code)
{
	static const unsigned char first[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	int size = utf8_charlen(*text), i;

	if (size < 0 || !utf8_whole(text, size)) {
		*code = BROKEN;
		return 1;
	}
	*code = *text & first[size];
	for (i = 1; i < size; i++)
		*code = *code << 6 | (text[i] & 0x3f);
	return *code ? size : 0;
}

int
utf8_strlen(const char *text, int size)
{
	const char *end = text + (size < 0 ? (int)strlen(text) : size);
	int number, code;

	for (number = 0; text < end; number++) {
		int step = utf8_tounicode(text, &code);

		text += step > 0 ? step : 1;
	}
	return number;
}

int
utf8_index(const char *text, int number)
{
	const char *at = text;
	int code;

	while (number-- > 0)
		at += utf8_tounicode(at, &code);
	return (int)(at - text);
}

int
utf8_fromunicode(char *text, unsigned code)
{
	static const unsigned char first[] = {0, 0, 0xc0, 0xe0, 0xf0};
	int size = 1 + (code >= 0x80) + (code >= 0x800) + (code >= 0x10000);
	int i;

	for (i = size - 1; i > 0; i--, code >>= 6)
		text[i] = (char)(0x80 | (code & 0x3f));
	text[0] = (char)(first[size] | code);
	return size;
}

int
utf8_width(int code)
{
	int width = wcwidth((wchar_t)code);

	return width < 0 ? 1 : width;
}

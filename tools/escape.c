/*
 * Escapes that stand for a byte: see escape.h.
 */
#include "escape.h"

#include <ctype.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { ESCAPE_DIGITS = 3 };

/* Up to `most` digits behind the letter. */
static int
escape_number(const char **at, const char *end, size_t most, int base)
{
	char digits[ESCAPE_DIGITS + 1] = "", *stop;
	size_t size = (size_t)(end - *at - 1);
	unsigned long number;

	memcpy(digits, *at + 1, size < most ? size : most);
	/* strtoul would take blanks and signs too. */
	if (!isxdigit((unsigned char)digits[0]))
		return -1;
	number = strtoul(digits, &stop, base);
	if (stop == digits)
		return -1;
	*at += 1 + (stop - digits);
	return (int)(number & 0xff);
}

/* Of \cX; a backslash is written as two. */
static int
escape_control(const char **at, const char *end)
{
	const char *key = *at + 1;

	if (key == end || (*key == '\\' && (key + 1 == end || key[1] != '\\')))
		return -1;
	*at = key + 1 + (*key == '\\');
	return toupper((unsigned char)*key) ^ 0x40;
}

int
escape_byte(const char **at, const char *end)
{
	static const char letters[] = "afnrtv", bytes[] = "\a\f\n\r\t\v";
	const char *found;

	if (*at == end || **at == '\0')
		return -1;
	found = strchr(letters, **at);
	if (found != NULL) {
		(*at)++;
		return bytes[found - letters];
	}
	switch (**at) {
	case 'c':
		return escape_control(at, end);
	case 'd':
		return escape_number(at, end, 3, 10);
	case 'o':
		return escape_number(at, end, 3, 8);
	case 'x':
		return escape_number(at, end, 2, 16);
	default:
		return -1;
	}
}

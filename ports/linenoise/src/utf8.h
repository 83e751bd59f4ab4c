/*
 * UTF-8 for linenoise, which expects these names.  A byte that is no UTF-8 is
 * a character of its own, U+FFFD, so that every string has a width and an end.
 */
#pragma once

#define MAX_UTF8_LEN 4

/* Bytes of the character that begins with this byte; -1: none does. */
int utf8_charlen(int first);

/* Characters in `size` bytes, -1: up to the NUL. */
int utf8_strlen(const char *text, int size);

/* Where the character with this number begins. */
int utf8_index(const char *text, int number);

/* Reads one; returns how many bytes it has, 0 at the NUL. */
int utf8_tounicode(const char *text, int *code);

/* Writes one, without a NUL; returns how many bytes it has. */
int utf8_fromunicode(char *text, unsigned code);

/* Columns on the terminal. */
int utf8_width(int code);

/* The formats of print and format_text, for any receiver. */
#pragma once

#include <stdarg.h>
#include <stddef.h>

/* Calls put with the text, piece by piece. */
void format_pieces(void (*put)(void *arg, const char *s, size_t n), void *arg,
		   const char *format, va_list args);

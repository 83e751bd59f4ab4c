/*
 * Formatted text: %s %c %d %i %u %x %X %p %%, with -, 0, width, precision (of
 * %s), * for either, and h l ll z.  Called by print, panic and everybody who
 * writes a line into a buffer.  Rule: no floating point, no allocation, no
 * locks; an unknown conversion is shown as it stands.
 */
#include "format.h"
#include "print.h"
#include "text.h"

struct out {
	void (*put)(void *arg, const char *s, size_t n);
	void *arg;
};

struct spec {
	bool left, zero;
	int width, precision; /* precision < 0: none */
	int longs;	      /* l, z: 1; ll: 2 */
};

static void
format_pad(const struct out *out, char c, int n)
{
	for (; n > 0; n--)
		out->put(out->arg, &c, 1);
}

/* sign (may be "") and body, filled up to the width. */
static void
format_field(const struct out *out, const struct spec *spec, const char *sign,
	     const char *body, size_t length)
{
	size_t signs = strlen(sign);
	int gap = spec->width - (int)(signs + length);
	bool zero = spec->zero && !spec->left;

	if (!spec->left && !zero)
		format_pad(out, ' ', gap);
	out->put(out->arg, sign, signs);
	if (zero)
		format_pad(out, '0', gap);
	out->put(out->arg, body, length);
	if (spec->left)
		format_pad(out, ' ', gap);
}

static void
format_number(const struct out *out, const struct spec *spec, const char *sign,
	      uint64_t value, unsigned base, const char *digits)
{
	char text[20]; /* UINT64_MAX has 20 decimal digits */
	size_t at = sizeof(text);

	do {
		text[--at] = digits[value % base];
		value /= base;
	} while (value);
	format_field(out, spec, sign, text + at, sizeof(text) - at);
}

static int
format_parse_count(const char **format, va_list *args)
{
	int n = 0;

	if (**format == '*') {
		++*format;
		return va_arg(*args, int);
	}
	for (; **format >= '0' && **format <= '9'; ++*format)
		if (n < 10000)
			n = n * 10 + (**format - '0');
	return n;
}

static void
format_parse_spec(const char **format, struct spec *spec, va_list *args)
{
	*spec = (struct spec){.precision = -1};
	for (;; ++*format) {
		if (**format == '-')
			spec->left = true;
		else if (**format == '0')
			spec->zero = true;
		else
			break;
	}
	spec->width = format_parse_count(format, args);
	if (spec->width < 0) {
		spec->left = true;
		spec->width = -spec->width;
	}
	if (**format == '.') {
		++*format;
		spec->precision = format_parse_count(format, args);
	}
	for (; **format == 'l' || **format == 'z' || **format == 'h'; ++*format)
		spec->longs += **format != 'h';
}

static void
format_put_signed(const struct out *out, const struct spec *spec, va_list *args)
{
	int64_t value = spec->longs ? va_arg(*args, long) : va_arg(*args, int);
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	format_number(out, spec, value < 0 ? "-" : "", size, 10, "0123456789");
}

static void
format_put_unsigned(const struct out *out, const struct spec *spec,
		    va_list *args, char conversion)
{
	uint64_t value = spec->longs ? va_arg(*args, unsigned long)
				     : va_arg(*args, unsigned);

	format_number(out, spec, "", value, conversion == 'u' ? 10 : 16,
		      conversion == 'X' ? "0123456789ABCDEF"
					: "0123456789abcdef");
}

static void
format_put_text(const struct out *out, const struct spec *spec, va_list *args)
{
	const char *s = va_arg(*args, const char *);

	if (!s)
		s = "(null)";
	format_field(out, spec, "", s,
		     spec->precision < 0 ? strlen(s)
					 : strnlen(s, (size_t)spec->precision));
}

/* false: there is no such conversion. */
static bool
format_put_value(const struct out *out, const struct spec *spec, va_list *args,
		 char conversion)
{
	char c;

	switch (conversion) {
	case 'd':
	case 'i':
		format_put_signed(out, spec, args);
		return true;
	case 'u':
	case 'x':
	case 'X':
		format_put_unsigned(out, spec, args, conversion);
		return true;
	case 'p':
		format_number(out, spec, "0x", (uintptr_t)va_arg(*args, void *),
			      16, "0123456789abcdef");
		return true;
	case 's':
		format_put_text(out, spec, args);
		return true;
	case 'c':
		c = (char)va_arg(*args, int);
		format_field(out, spec, "", &c, 1);
		return true;
	case '%':
		out->put(out->arg, "%", 1);
		return true;
	default:
		return false;
	}
}

/* Calls put with pieces of the text, in order. */
void
format_pieces(void (*put)(void *arg, const char *s, size_t n), void *arg,
	      const char *format, va_list given)
{
	struct out out = {put, arg};
	va_list args;

	va_copy(args, given);
	while (*format) {
		const char *start = format;
		struct spec spec;

		while (*format && *format != '%')
			format++;
		if (format > start)
			put(arg, start, (size_t)(format - start));
		if (!*format)
			break;
		start = format++;
		format_parse_spec(&format, &spec, &args);
		if (*format && format_put_value(&out, &spec, &args, *format))
			format++;
		else
			put(arg, start, (size_t)(format - start));
	}
	va_end(args);
}

struct buffer {
	char *at;
	size_t size, length;
};

static void
format_buffer_put(void *arg, const char *s, size_t n)
{
	struct buffer *buffer = arg;

	if (buffer->length < buffer->size) {
		size_t room = buffer->size - buffer->length;

		memcpy(buffer->at + buffer->length, s, n < room ? n : room);
	}
	buffer->length += n;
}

/* Formats into size bytes, NUL-terminated if size > 0.  Returns the length of
 * the whole text. */
size_t
format_textv(char *buf, size_t size, const char *format, va_list args)
{
	struct buffer buffer = {buf, size ? size - 1 : 0, 0};

	format_pieces(format_buffer_put, &buffer, format, args);
	if (size)
		buf[buffer.length < size ? buffer.length : size - 1] = '\0';
	return buffer.length;
}

/* As format_textv. */
size_t
format_text(char *buf, size_t size, const char *format, ...)
{
	va_list args;
	size_t length;

	va_start(args, format);
	length = format_textv(buf, size, format, args);
	va_end(args);
	return length;
}

/* with: kernel/format.c kernel/text.c */
/* The kernel's formats, against what printf gives for the same. */
#include "print.h"
#include "test.h"
#include <limits.h>
#include <stdio.h>

#define SAME(...)                                                              \
	do {                                                                   \
		char ours[200], theirs[200];                                   \
		size_t n = format_text(ours, sizeof(ours), __VA_ARGS__);       \
		CHECK_EQ(n, snprintf(theirs, sizeof(theirs), __VA_ARGS__));    \
		CHECK_STR(ours, theirs);                                       \
	} while (0)

TEST(formats_mean_what_printf_means_by_them)
{
	SAME("plain");
	SAME("%s|%10s|%-10s|%.3s|%.*s", "abc", "abc", "abc", "abcdef", 2,
	     "xyz");
	SAME("%c%c %%", 'a', 'b');
	SAME("%d %d %d %i", 0, -1, INT_MIN, INT_MAX);
	SAME("%ld %ld", LONG_MIN, LONG_MAX);
	SAME("%u %lu %zu", UINT_MAX, ULONG_MAX, (size_t)77);
	SAME("%x %X %lx", 0xbeefu, 0xbeefu, 0xfedcba9876543210ul);
	SAME("%5d|%-5d|%05d|%05d", 42, 42, 42, -42);
	SAME("%016lx|%2x|%-8x|", 0xabcul, 0xabcu, 0xabcu);
	SAME("%*d|%-*d|%*d|", 6, 42, 6, 42, -6, 42);
	SAME("%p", (void *)(intptr_t)0x1234abcd);
}

TEST(formats_keep_to_the_buffer)
{
	char buf[8];

	memset(buf, 'x', sizeof(buf));
	CHECK_EQ(format_text(buf, 4, "%s", "abcdef"), 6);
	CHECK_STR(buf, "abc");
	CHECK_EQ(buf[4], 'x');
	CHECK_EQ(format_text(buf, 0, "%d", 12345), 5);
	CHECK_EQ(buf[0], 'a');
	CHECK_EQ(format_text(buf, 1, "%d", 12345), 5);
	CHECK_EQ(buf[0], '\0');
}

TEST(formats_show_a_missing_string)
{
	char buf[16];
	const char *volatile none = NULL;

	format_text(buf, sizeof(buf), "%s", none);
	CHECK_STR(buf, "(null)");
}

/*
 * memcpy, memset and their kin, eight bytes at a time.  Called by everybody,
 * and by the compiler.  Rule: loops over single bytes go through `volatile`, or
 * the compiler turns them into calls of the very functions they are.
 */
#include "text.h"

#undef memcpy
#undef memset

struct word {
	uint64_t value;
} __attribute__((packed, may_alias));

#define BLOCK (4 * sizeof(struct word))

static void
memory_copy_up(unsigned char *to, const unsigned char *from, size_t n)
{
	for (; n >= BLOCK; n -= BLOCK, to += BLOCK, from += BLOCK) {
		const struct word *f = (const struct word *)from;
		struct word *t = (struct word *)to;
		struct word a = f[0], b = f[1], c = f[2], d = f[3];

		t[0] = a;
		t[1] = b;
		t[2] = c;
		t[3] = d;
	}
	for (; n >= 8; n -= 8, to += 8, from += 8)
		((volatile struct word *)to)->value =
			((const struct word *)from)->value;
	for (; n; n--)
		*(volatile unsigned char *)to++ = *from++;
}

static void
memory_copy_down(unsigned char *to, const unsigned char *from, size_t n)
{
	for (; n >= BLOCK; n -= BLOCK) {
		const struct word *f = (const struct word *)(from + n - BLOCK);
		struct word *t = (struct word *)(to + n - BLOCK);
		struct word a = f[0], b = f[1], c = f[2], d = f[3];

		t[3] = d;
		t[2] = c;
		t[1] = b;
		t[0] = a;
	}
	for (; n; n--)
		*(volatile unsigned char *)(to + n - 1) = from[n - 1];
}

/* As in ISO C. */
void *
memcpy(void *restrict to, const void *restrict from, size_t n)
{
	memory_copy_up(to, from, n);
	return to;
}

/* As in ISO C. */
void *
memmove(void *to, const void *from, size_t n)
{
	if ((uintptr_t)to - (uintptr_t)from >= n)
		memory_copy_up(to, from, n);
	else
		memory_copy_down(to, from, n);
	return to;
}

/* As in ISO C. */
void *
memset(void *to, int byte, size_t n)
{
	struct word w = {(unsigned char)byte * UINT64_C(0x0101010101010101)};
	unsigned char *t = to;

	for (; n >= BLOCK; n -= BLOCK, t += BLOCK) {
		struct word *block = (struct word *)t;

		block[0] = w;
		block[1] = w;
		block[2] = w;
		block[3] = w;
	}
	for (; n >= 8; n -= 8, t += 8)
		((volatile struct word *)t)->value = w.value;
	for (; n; n--)
		*(volatile unsigned char *)t++ = (unsigned char)byte;
	return to;
}

/* As in ISO C. */
int
memcmp(const void *a, const void *b, size_t n)
{
	const unsigned char *x = a, *y = b;

	for (; n >= 8; n -= 8, x += 8, y += 8)
		if (((const struct word *)x)->value !=
		    ((const struct word *)y)->value)
			break;
	for (; n; n--, x++, y++)
		if (*x != *y)
			return *x - *y;
	return 0;
}

/* As in ISO C. */
void *
memchr(const void *s, int byte, size_t n)
{
	const unsigned char *p = s;

	for (; n; n--, p++)
		if (*p == (unsigned char)byte)
			return (void *)(uintptr_t)p;
	return NULL;
}

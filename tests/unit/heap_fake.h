/*
 * A heap for tests on the host: it counts what is handed out, fails on demand,
 * and never hands out zeros that were not asked for.
 */
#pragma once

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "heap.h"

static long fake_blocks; /* handed out */
static long fake_fail;	 /* the n-th allocation from now fails; 0: none */
/* Not seen through: whoever analyses the source follows no pointer into a
 * structure and no count of references. */
static void *(*const volatile fake_malloc)(size_t) = malloc;
static void (*const volatile fake_release)(void *) = free;

static bool
fake_fails(void)
{
	return fake_fail && --fake_fail == 0;
}

void *
heap_alloc(size_t size)
{
	if (fake_fails())
		return NULL;
	fake_blocks++;
	return memset(fake_malloc(size), 0xa5, size);
}

void *
heap_zalloc(size_t size)
{
	void *p = heap_alloc(size);

	return p ? memset(p, 0, size) : NULL;
}

void
heap_free(void *p)
{
	fake_blocks -= p != NULL;
	fake_release(p);
}

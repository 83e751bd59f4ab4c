/*
 * What trace/ needs of the machine, for its tests on the host: a heap that can
 * fail, and locks that complain.  With `#include` of the sources that lock, so
 * that they take the checked kernel's locks, which are functions.
 */
#pragma once

#define CHECKED 1 /* spinlocks are functions then */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "abi/errno.h"
#include "heap.h"
#include "lock.h"
#include "textfile.h"
#include "trace/session.h"
#include "test.h"

static long fake_blocks;
static long fake_fail; /* the n-th allocation from now fails; 0: none */
/* Not seen through: whoever analyses the source does not follow references. */
static void (*volatile fake_release)(void *) = free;

void *
heap_alloc(size_t size)
{
	if (fake_fail && --fake_fail == 0)
		return NULL;
	fake_blocks++;
	return memset(malloc(size), 0xa5, size);
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

void
lock_assert_none(void)
{
}

void
spin_lock(struct spinlock *lock)
{
	CHECK_EQ(lock->taken, 0);
	lock->taken = 1;
}

void
spin_unlock(struct spinlock *lock)
{
	CHECK_EQ(lock->taken, 1);
	lock->taken = 0;
}

/*
 * A machine for tests of schemes on the host: heap and pages that count and
 * fail on demand, locks that must be taken in the order of their ranks, a clock
 * that moves, memory of the user that is the test's own.
 */
#pragma once

#define CHECKED 1 /* spinlocks are functions then */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "arch/x86_64/arch.h"
#include "heap_fake.h"
#include "lock.h"
#include "page.h"
#include "print.h"
#include "process.h"
#include "scheme.h"
#include "text.h"
#include "usercopy.h"
#include "test.h"

static long fake_pages; /* handed out */
static struct cred fake_cred;
static uint64_t fake_bad; /* user addresses from here on are bad; 0: none */

char *
heap_copy_text(const char *s)
{
	char *copy = heap_alloc(strlen(s) + 1);

	return copy ? strcpy(copy, s) : NULL;
}

size_t
text_copy(char *to, const char *from, size_t size)
{
	size_t length = strlen(from);

	if (size > 0)
		snprintf(to, size, "%s", from);
	return length;
}

/* ---- pages ---- */

struct page *
page_alloc(unsigned order, enum page_state as)
{
	struct page *page;

	(void)as;
	CHECK_EQ(order, 0);
	if (fake_fails())
		return NULL;
	page = calloc(1, sizeof *page);
	page->refs = 1;
	page->slab = memset(malloc(PAGE_SIZE), 0xa5, PAGE_SIZE);
	fake_pages++;
	return page;
}

struct page *
page_alloc_zero(enum page_state as)
{
	struct page *page = page_alloc(0, as);

	if (page)
		memset(page->slab, 0, PAGE_SIZE);
	return page;
}

void *
page_address(const struct page *page)
{
	return page->slab;
}

void
page_get(struct page *page)
{
	CHECK(page->refs > 0);
	page->refs++;
}

void
page_put(struct page *page)
{
	CHECK(page->refs > 0);
	if (--page->refs > 0)
		return;
	free(page->slab);
	free(page);
	fake_pages--;
}

void
page_stats(struct page_stats *stats)
{
	stats->total = stats->free = 1 << 15;
}

/* ---- locks ---- */

static unsigned fake_held[RANK_COUNT];

static void
fake_take(unsigned rank)
{
	for (unsigned r = rank; r < RANK_COUNT; r++)
		CHECK_EQ(fake_held[r], 0);
	fake_held[rank]++;
}

static void
fake_drop(unsigned rank)
{
	CHECK_EQ(fake_held[rank], 1);
	fake_held[rank]--;
}

static void
fake_may_sleep(void)
{
	for (unsigned r = RANK_VM + 1; r < RANK_COUNT; r++)
		CHECK_EQ(fake_held[r], 0);
}

void
lock_assert_none(void)
{
}

void
spin_lock(struct spinlock *lock)
{
	CHECK_EQ(lock->taken, 0);
	fake_take(lock->rank);
	lock->taken = 1;
}

void
spin_unlock(struct spinlock *lock)
{
	fake_drop(lock->rank);
	lock->taken = 0;
}

void
mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	mutex->rank = (uint16_t)rank;
}

void
mutex_lock(struct mutex *mutex)
{
	fake_may_sleep();
	fake_take(mutex->rank);
}

void
mutex_unlock(struct mutex *mutex)
{
	fake_drop(mutex->rank);
}

void
sched_yield(struct thread *self)
{
	(void)self;
	fake_may_sleep();
}

/* ---- time, user, words ---- */

/* A tick of the host's is a nanosecond. */
uint64_t arch_tsc_start, arch_ns_per_tick_32 = UINT64_C(1) << 32;

uint64_t
arch_wall_ns(void)
{
	return 1700000000000000000;
}

struct cred
process_cred(struct process *process)
{
	(void)process;
	return fake_cred;
}

/* The user's address is the host's. */
static bool
fake_good(uint64_t address, size_t n)
{
	fake_may_sleep();
	return !fake_bad || address + n <= fake_bad;
}

int
copy_to_user(uint64_t to, const void *from, size_t n)
{
	if (!fake_good(to, n))
		return -EFAULT;
	memcpy((void *)(uintptr_t)to, from, n);
	return 0;
}

int
copy_from_user(void *to, uint64_t from, size_t n)
{
	if (!fake_good(from, n))
		return -EFAULT;
	memcpy(to, (void *)(uintptr_t)from, n);
	return 0;
}

static int
fake_done(struct uio *uio, size_t n)
{
	CHECK(n <= uio->left);
	uio->kernel += uio->kernel ? n : 0;
	uio->user += n;
	uio->left -= n;
	return 0;
}

int
uio_put_kernel(struct uio *uio, const void *from, size_t n)
{
	memcpy(uio->kernel, from, n);
	return fake_done(uio, n);
}

int
uio_take_kernel(struct uio *uio, void *to, size_t n)
{
	memcpy(to, uio->kernel, n);
	return fake_done(uio, n);
}

int
uio_put_zero(struct uio *uio, size_t n)
{
	CHECK(n <= uio->left);
	if (uio->kernel)
		memset(uio->kernel, 0, n);
	else if (fake_good(uio->user, n))
		memset((void *)(uintptr_t)uio->user, 0, n);
	else
		return -EFAULT;
	return fake_done(uio, n);
}

static unsigned fake_lines; /* printed */

void
print(const char *format, ...)
{
	(void)format;
	fake_lines++;
}

void
panic(const char *format, ...)
{
	test_fail(__FILE__, __LINE__, "panic: %s", format);
}

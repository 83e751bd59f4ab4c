/*
 * A machine for vm.c's tests: pages, page tables, a TLB, locks and a heap that
 * count and complain.  Included by the tests that link with vm.c (vm_space.h).
 *
 * What it checks by itself: a page is put only when no TLB can still name it
 * beyond its references, tables are zeroed and come home, flushes happen with
 * no spinlock held, objects are put with no mutex held, nothing is locked
 * twice.
 */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#define CHECKED 1 /* spinlocks are functions then */
#include "abi/errno.h"
#include "heap_fake.h"
#include "lock.h"
#include "page.h"
#include "print.h"
#include "text.h"
#include "vm.h"
#include "waitq.h"
#include "test.h"

enum { FAKE_PAGES = 1 << 16, FAKE_SPACES = 64, FAKE_ENTRIES = 4096 };

struct fake_page {
	struct page page;
	unsigned char *bytes;
};

struct fake_entry {
	uint64_t address, phys;
	unsigned prot;
	bool cached; /* the TLB has it, as tlb_* say */
	bool present;
	uint64_t tlb_phys;
	unsigned tlb_prot;
};

struct fake_space {
	bool used, dropped;
	struct fake_entry entry[FAKE_ENTRIES];
	unsigned entries;
	struct {
		uint64_t key, phys;
	} table[256];
	unsigned tables;
};

static struct fake_page *fake_page[FAKE_PAGES];
static struct fake_space fake_space[FAKE_SPACES];
static uint64_t fake_live, fake_free = FAKE_PAGES;
static int fake_spins, fake_mutexes;

/* ---- pages ---- */

struct page *
page_alloc(unsigned order, enum page_state as)
{
	static uint64_t next = 1;
	struct fake_page *made;

	(void)as;
	CHECK_EQ(order, 0);
	if (fake_fails() || fake_live >= fake_free)
		return NULL;
	while (fake_page[next % FAKE_PAGES] || !(next % FAKE_PAGES))
		next++;
	made = calloc(1, sizeof(*made));
	made->bytes = malloc(PAGE_SIZE);
	memset(made->bytes, 0xa5, PAGE_SIZE);
	made->page.refs = 1;
	made->page.slab = (void *)(uintptr_t)(next % FAKE_PAGES);
	fake_page[next % FAKE_PAGES] = made;
	fake_live++;
	return &made->page;
}

struct page *
page_alloc_zero(enum page_state as)
{
	struct page *page = page_alloc(0, as);

	if (page)
		memset(page_address(page), 0, PAGE_SIZE);
	return page;
}

uint64_t
page_phys(const struct page *page)
{
	return (uint64_t)(uintptr_t)page->slab << PAGE_SHIFT;
}

struct page *
page_of_phys(uint64_t phys)
{
	struct fake_page *found = fake_page[phys >> PAGE_SHIFT];

	CHECK(found);
	return &found->page;
}

void *
page_address(const struct page *page)
{
	return fake_page[page_phys(page) >> PAGE_SHIFT]->bytes;
}

void
page_get(struct page *page)
{
	CHECK(page->refs);
	page->refs++;
}

static unsigned
fake_cached(uint64_t phys)
{
	unsigned count = 0;

	for (int s = 0; s < FAKE_SPACES; s++)
		for (unsigned i = 0; i < fake_space[s].entries; i++)
			count += fake_space[s].entry[i].cached &&
				 fake_space[s].entry[i].tlb_phys == phys;
	return count;
}

void
page_put(struct page *page)
{
	uint64_t number = page_phys(page) >> PAGE_SHIFT;

	CHECK(page->refs);
	page->refs--;
	CHECK(fake_cached(page_phys(page)) <= page->refs);
	if (page->refs)
		return;
	free(fake_page[number]->bytes);
	free(fake_page[number]);
	fake_page[number] = NULL;
	fake_live--;
}

bool
page_shared(const struct page *page)
{
	return page->refs > 1;
}

void
page_stats(struct page_stats *stats)
{
	stats->total = FAKE_PAGES;
	stats->free = fake_free > fake_live ? fake_free - fake_live : 0;
}

/* ---- locks, panics ---- */

void
lock_assert_none(void)
{
}

void
spin_lock(struct spinlock *lock)
{
	CHECK(!lock->taken);
	lock->taken = 1;
	fake_spins++;
}

void
spin_unlock(struct spinlock *lock)
{
	lock->taken = 0;
	fake_spins--;
}

void
mutex_init(struct mutex *mutex, enum lock_rank rank)
{
	mutex->rank = (uint16_t)rank;
}

void
mutex_lock(struct mutex *mutex)
{
	CHECK(!mutex->lock.taken && !fake_spins);
	mutex->lock.taken = 1;
	fake_mutexes++;
}

void
mutex_unlock(struct mutex *mutex)
{
	CHECK(mutex->lock.taken);
	mutex->lock.taken = 0;
	fake_mutexes--;
}

size_t
text_copy(char *to, const char *from, size_t size)
{
	return (size_t)snprintf(to, size, "%s", from);
}

void
panic(const char *format, ...)
{
	test_fail(__FILE__, __LINE__, "panic: %s", format);
}

/* ---- page tables ---- */

static struct fake_space *
fake_of(const struct arch_space *space)
{
	struct fake_space *fake = &fake_space[space->cpus];

	CHECK(fake->used);
	return fake;
}

static struct fake_entry *
fake_entry(struct fake_space *fake, uint64_t address)
{
	for (unsigned i = 0; i < fake->entries; i++)
		if (fake->entry[i].address == address)
			return &fake->entry[i];
	return NULL;
}

void
arch_space_init(struct arch_space *space, uint64_t page)
{
	unsigned n = 0;

	while (fake_space[n].used)
		n++;
	fake_space[n].used = true;
	fake_space[n].dropped = false;
	fake_space[n].tables = fake_space[n].entries = 0;
	space->cpus = n;
	space->root = page;
}

void
arch_space_drop(struct arch_space *space)
{
	struct fake_space *fake = fake_of(space);

	CHECK(!fake_spins);
	fake->dropped = true;
	for (unsigned i = 0; i < fake->entries; i++)
		fake->entry[i].cached = false;
}

void
arch_space_free(struct arch_space *space, void (*put)(uint64_t phys))
{
	struct fake_space *fake = fake_of(space);

	CHECK(fake->dropped);
	for (unsigned i = 0; i < fake->entries; i++)
		CHECK(!fake->entry[i].present);
	while (fake->tables)
		put(fake->table[--fake->tables].phys);
	put(space->root);
	fake->used = false;
}

static bool
fake_table(struct fake_space *fake, uint64_t key, uint64_t *spare)
{
	const uint64_t *last = spare + ARCH_MAP_SPARES - 1;

	for (unsigned i = 0; i < fake->tables; i++)
		if (fake->table[i].key == key)
			return true;
	while (!*spare && spare < last)
		spare++;
	if (!*spare)
		return false;
	for (unsigned i = 0; i < PAGE_SIZE; i++)
		CHECK(!fake_page[*spare >> PAGE_SHIFT]->bytes[i]);
	fake->table[fake->tables].key = key;
	fake->table[fake->tables++].phys = *spare;
	*spare = 0;
	return true;
}

static int
fake_map(struct arch_space *space, uint64_t address, uint64_t phys,
	 unsigned prot, uint64_t spares[ARCH_MAP_SPARES])
{
	struct fake_space *fake = fake_of(space);
	struct fake_entry *entry = fake_entry(fake, address);

	CHECK(!(address % PAGE_SIZE) && address >= USER_MIN &&
	      address < USER_END);
	for (unsigned i = 0; i < ARCH_MAP_SPARES; i++)
		if (!fake_table(fake, (address >> (39 - 9 * i)) << 2 | i,
				spares))
			return -ENOMEM;
	if (!entry) {
		CHECK(fake->entries < FAKE_ENTRIES);
		entry = &fake->entry[fake->entries++];
		*entry = (struct fake_entry){.address = address};
	}
	entry->present = true;
	entry->phys = phys;
	entry->prot = prot;
	return 0;
}

int
arch_map_run(struct arch_space *space, uint64_t address, const uint64_t *phys,
	     unsigned n, unsigned prot, uint64_t spares[ARCH_MAP_SPARES])
{
	int error = 0;

	CHECK(!n || address / ARCH_TABLE_BYTES ==
			    (address + n * PAGE_SIZE - 1) / ARCH_TABLE_BYTES);
	for (unsigned i = 0; i < n && !error; i++)
		error = fake_map(space, address + i * PAGE_SIZE, phys[i], prot,
				 spares);
	return error;
}

bool
arch_lookup(struct arch_space *space, uint64_t address, uint64_t *phys,
	    unsigned *prot)
{
	struct fake_entry *entry = fake_entry(fake_of(space), address);

	if (!entry || !entry->present)
		return false;
	*phys = entry->phys;
	*prot = entry->prot;
	return true;
}

void
arch_protect(struct arch_space *space, uint64_t address, unsigned prot)
{
	struct fake_entry *entry = fake_entry(fake_of(space), address);

	CHECK(entry && entry->present);
	entry->prot = prot;
}

uint64_t
arch_next_present(struct arch_space *space, uint64_t address, uint64_t end)
{
	struct fake_space *fake = fake_of(space);

	for (unsigned i = 0; i < fake->entries; i++)
		if (fake->entry[i].present &&
		    fake->entry[i].address >= address &&
		    fake->entry[i].address < end)
			end = fake->entry[i].address;
	return end;
}

/* Runs of one page. */
unsigned
arch_protect_run(struct arch_space *space, uint64_t *address, uint64_t end,
		 unsigned prot, uint64_t *phys, unsigned most)
{
	struct fake_entry *entry;

	(void)most;
	*address = arch_next_present(space, *address, end);
	if (*address >= end)
		return 0;
	entry = fake_entry(fake_of(space), *address);
	entry->prot = prot;
	*phys = entry->phys;
	return 1;
}

unsigned
arch_unmap_run(struct arch_space *space, uint64_t *address, uint64_t end,
	       uint64_t *phys, unsigned most)
{
	unsigned n = arch_protect_run(space, address, end, 0, phys, most);

	if (n)
		fake_entry(fake_of(space), *address)->present = false;
	return n;
}

void
arch_space_flush(struct arch_space *space, uint64_t start, uint64_t end)
{
	struct fake_space *fake = fake_of(space);

	CHECK(!fake_spins);
	for (unsigned i = 0; i < fake->entries; i++)
		if (fake->entry[i].address >= start &&
		    fake->entry[i].address < end)
			fake->entry[i].cached = false;
}

/* What another CPU's TLB holds must be no more than the tables say. */
static inline void
fake_check_tlb(const struct arch_space *space)
{
	struct fake_space *fake = fake_of(space);

	for (unsigned i = 0; i < fake->entries; i++) {
		struct fake_entry *entry = &fake->entry[i];

		if (!entry->cached)
			continue;
		CHECK(entry->present && entry->tlb_phys == entry->phys);
		CHECK(!(entry->tlb_prot & ~entry->prot));
	}
}

/*
 * One byte of the user's at address, as the processor finds it: NULL: a fault.
 * A translation once used stays in the TLB.
 */
static unsigned char *
fake_user(const struct arch_space *space, uint64_t address, bool write)
{
	struct fake_entry *entry =
		fake_entry(fake_of(space), address & PAGE_MASK);
	unsigned wanted = ARCH_USER | (write ? ARCH_WRITE : 0);

	if (!entry)
		return NULL;
	if (!entry->cached || (wanted & ~entry->tlb_prot)) {
		entry->cached = false;
		if (!entry->present || (wanted & ~entry->prot))
			return NULL;
		entry->cached = true;
		entry->tlb_phys = entry->phys;
		entry->tlb_prot = entry->prot;
	}
	return &fake_page[entry->tlb_phys >> PAGE_SHIFT]
			->bytes[address % PAGE_SIZE];
}

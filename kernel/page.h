/*
 * Physical pages: a buddy allocator with one struct page a frame, and a small
 * store of single pages a CPU. Pages are reached through the direct map, so
 * that a page has an address at once.  Nothing here sleeps; every allocation
 * may fail (NULL).
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGE_SIZE      4096u
#define PAGE_SHIFT     12
#define PAGE_MASK      (~(uint64_t)(PAGE_SIZE - 1))
#define PAGE_ORDER_MAX 10

enum page_state {
	PAGE_RESERVED, /* not ours */
	PAGE_TAIL,     /* inside a block, not its head */
	PAGE_FREE,     /* heads a free block */
	PAGE_STORED,   /* in a CPU's store */
	/* In use, and for what: */
	PAGE_KERNEL,	/* stacks, devices' queues */
	PAGE_TABLE,	/* a page table of a program's */
	PAGE_ANONYMOUS, /* a program's own */
	PAGE_SHARED,	/* that programs share without a file */
	PAGE_FILE,	/* contents of a file */
	PAGE_PIPE,	/* what is in a pipe */
	PAGE_LARGE,	/* heap.c: a block that is one object */
	PAGE_SLAB,	/* heap.c: this + class: a page of small objects */
	PAGE_STATES = PAGE_SLAB + 32
};

struct page {
	_Atomic uint32_t refs;	  /* 0: free */
	uint8_t order;		  /* of the block that it heads */
	uint8_t state;		  /* enum page_state, PAGE_SLAB + class */
	uint16_t used;		  /* slab.c: objects handed out; of a free
				     page in the checked kernel: poisoned */
	struct page *next, *prev; /* free lists, slabs */
	void *slab;		  /* slab.c: first free object */
};

struct boot_info;

void page_init(const struct boot_info *boot);

/* as: a state of those in use.  Refs 1; contents undefined (poisoned in the
 * checked kernel). */
struct page *page_alloc(unsigned order, enum page_state as);
struct page *page_alloc_zero(enum page_state as); /* a single zeroed page */
void page_get(struct page *page);
void page_put(struct page *page); /* the last reference frees the block */
bool page_shared(const struct page *page); /* more than one reference */

void *page_address(const struct page *page);
uint64_t page_phys(const struct page *page);
struct page *
page_of_phys(uint64_t phys); /* NULL: not RAM that this allocator owns */
struct page *
page_of_address(const void *address); /* of an address in the direct map */

struct page_stats {
	uint64_t total, free;	    /* pages */
	uint64_t used[PAGE_STATES]; /* by state */
};
void page_stats(struct page_stats *stats);

/*
 * Allocation failures on purpose: the n-th allocation (of pages or heap) from
 * now fails, n = 0: none.
 */
void page_fail_after(uint64_t n);
bool page_fail_now(void); /* heap.c asks: is this the one? */

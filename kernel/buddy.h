/* Blocks of 2^order pages: split on demand, joined with their other half when
 * both are free.  The caller holds whatever guards it. */
#pragma once

#include <stdint.h>
#include "page.h"

struct buddy {
	struct page *pages; /* one a frame, from frame 0 on */
	uint64_t frames;
	uint64_t total, free; /* pages added; pages free now */
	struct page *list[PAGE_ORDER_MAX + 1];
};

/* pages: zeroed, all of them PAGE_RESERVED. */
void buddy_init(struct buddy *buddy, struct page *pages, uint64_t frames);
void buddy_add(struct buddy *buddy, uint64_t start, uint64_t end); /* frames */
struct page *buddy_alloc(struct buddy *buddy, unsigned order); /* NULL: none */
void buddy_free(struct buddy *buddy, struct page *block, unsigned order);

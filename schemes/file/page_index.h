/*
 * Which page stands where in a file: a tree of 64-way nodes, as high as the
 * highest index needs, with holes.  Pure but for the heap; the caller locks.
 */
#pragma once

#include <stdint.h>

struct page;

struct page_index {
	void *root;	       /* height 0: the page with index 0 itself */
	unsigned height;       /* levels of nodes */
	uint64_t pages, nodes; /* how many there are */
};

#define PAGE_INDEX_NODE_SIZE 512u

struct page *page_index_get(const struct page_index *index,
			    uint64_t at); /* NULL: a hole */
/* Fills a hole: 0 or -ENOMEM. */
int page_index_put(struct page_index *index, uint64_t at, struct page *page);
/* Takes up to max pages with an index >= from out: how many; 0: there are none
 * (any more). */
unsigned page_index_take(struct page_index *index, uint64_t from,
			 struct page **pages, unsigned max);

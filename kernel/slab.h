/* Objects of one size out of single pages, each with a list of its free
 * objects, linked through their first word.  The caller holds whatever guards
 * it. */
#pragma once

#include <stdint.h>
#include "page.h"

struct slab_cache {
	uint32_t size;	      /* of an object: >= 16, divides into PAGE_SIZE */
	struct page *partial; /* pages with a free object */
};

/* Gives it a page, all of whose objects are free; memory is where it is. */
void slab_add(struct slab_cache *cache, struct page *page, void *memory);
void *slab_take(struct slab_cache *cache); /* NULL: add a page */
/* Takes an object of that page back.  true: the page is empty and not the
 * cache's any more. */
bool slab_give(struct slab_cache *cache, struct page *page, void *object);

/*
 * Pages cut into objects of one size: heap.c keeps a cache for each size, under
 * its lock.  Rule: a page is in the cache's list while it has a free object;
 * one with none is found again through its objects, one with nothing else
 * leaves the cache.
 */
#include "slab.h"

static void
slab_list_push(struct slab_cache *cache, struct page *page)
{
	struct page *first = cache->partial;

	page->prev = NULL;
	page->next = first;
	if (first)
		first->prev = page;
	cache->partial = page;
}

static void
slab_list_take(struct slab_cache *cache, struct page *page)
{
	if (page->prev)
		page->prev->next = page->next;
	else
		cache->partial = page->next;
	if (page->next)
		page->next->prev = page->prev;
}

/* The page's objects come in the order of their addresses. */
void
slab_add(struct slab_cache *cache, struct page *page, void *memory)
{
	uint32_t count = PAGE_SIZE / cache->size;
	void *next = NULL;

	while (count-- > 0) {
		void **object =
			(void **)(void *)((char *)memory + count * cache->size);

		*object = next;
		next = object;
	}
	page->slab = next;
	page->used = 0;
	slab_list_push(cache, page);
}

/* A free object, NULL: no page has one. */
void *
slab_take(struct slab_cache *cache)
{
	struct page *page = cache->partial;
	void **object;

	if (!page)
		return NULL;
	object = page->slab;
	page->slab = *object;
	page->used++;
	if (!page->slab)
		slab_list_take(cache, page);
	return object;
}

/* true: the page is the caller's to free. */
bool
slab_give(struct slab_cache *cache, struct page *page, void *object)
{
	if (!page->slab)
		slab_list_push(cache, page);
	*(void **)object = page->slab;
	page->slab = object;
	if (--page->used)
		return false;
	slab_list_take(cache, page);
	page->slab = NULL;
	return true;
}

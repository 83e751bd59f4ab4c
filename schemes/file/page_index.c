/*
 * The index of a file's pages.
 *
 * Used by content.c and map.c under the file's OBJECT lock.  The rule: a node
 * exists only while a page is below it, save that one made for a page that then
 * could not be put is kept for the next.
 */
#include "page_index.h"

#include <stdbool.h>
#include <stddef.h>
#include "abi/errno.h"
#include "heap.h"

#define BITS 6u
#define WAYS (1u << BITS)

struct node {
	void *slot[WAYS];
};
_Static_assert(sizeof(struct node) == PAGE_INDEX_NODE_SIZE,
	       "as the header says");

static unsigned
way(uint64_t at, unsigned level)
{
	return (unsigned)(at >> (BITS * level)) & (WAYS - 1);
}

/* Can a tree of this height hold index at? */
static bool
reaches(unsigned height, uint64_t at)
{
	return BITS * height >= 64 || at >> (BITS * height) == 0;
}

struct page *
page_index_get(const struct page_index *index, uint64_t at)
{
	void *here = index->root;

	if (!reaches(index->height, at))
		return NULL;
	for (unsigned level = index->height; here && level-- > 0;)
		here = ((struct node *)here)->slot[way(at, level)];
	return here;
}

static struct node *
node_create(struct page_index *index)
{
	struct node *node = heap_zalloc(sizeof *node);

	if (node)
		index->nodes++;
	return node;
}

static void
node_free(struct page_index *index, struct node *node)
{
	index->nodes--;
	heap_free(node);
}

static int
grow(struct page_index *index, uint64_t at)
{
	while (!reaches(index->height, at)) {
		if (index->root) {
			struct node *node = node_create(index);

			if (!node)
				return -ENOMEM;
			node->slot[0] = index->root;
			index->root = node;
		}
		index->height++;
	}
	return 0;
}

int
page_index_put(struct page_index *index, uint64_t at, struct page *page)
{
	void **here = &index->root;
	int error = grow(index, at);

	if (error)
		return error;
	for (unsigned level = index->height; level-- > 0;) {
		if (!*here && !(*here = node_create(index)))
			return -ENOMEM;
		here = &((struct node *)*here)->slot[way(at, level)];
	}
	*here = page;
	index->pages++;
	return 0;
}

/* A walk that takes pages out. */
struct taking {
	struct page_index *index;
	uint64_t from;
	struct page **pages;
	unsigned max, count;
};

static bool
node_empty(const struct node *node)
{
	for (unsigned i = 0; i < WAYS; i++)
		if (node->slot[i])
			return false;
	return true;
}

/* Takes from the tree under *slot, whose first index is base and which has
 * `level` levels of nodes; at most 11 deep. */
static void
take_below(struct taking *t, void **slot, unsigned level, uint64_t base)
{
	struct node *node = *slot;
	unsigned first = 0;

	if (level == 0) {
		t->pages[t->count++] = *slot;
		*slot = NULL;
		return;
	}
	level--;
	if (t->from > base)
		first = (unsigned)((t->from - base) >> (BITS * level));
	for (unsigned i = first; i < WAYS && t->count < t->max; i++)
		if (node->slot[i])
			take_below(t, &node->slot[i], level,
				   base + ((uint64_t)i << (BITS * level)));
	if (node_empty(node)) {
		node_free(t->index, node);
		*slot = NULL;
	}
}

unsigned
page_index_take(struct page_index *index, uint64_t from, struct page **pages,
		unsigned max)
{
	struct taking t = {index, from, pages, max, 0};

	if (index->root && reaches(index->height, from))
		take_below(&t, &index->root, index->height, 0);
	if (!index->root)
		index->height = 0;
	index->pages -= t.count;
	return t.count;
}

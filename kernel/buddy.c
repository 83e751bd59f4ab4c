/*
 * The buddy allocator's arithmetic: page.c calls it under the PAGE lock.  Rule:
 * of every block, free or not, only the first page says so (state, order); the
 * rest are PAGE_TAIL, so that a look at the other half's first page decides
 * whether two halves join.
 */
#include "buddy.h"

static uint64_t
buddy_frame_of(const struct buddy *buddy, const struct page *page)
{
	return (uint64_t)(page - buddy->pages);
}

static void
buddy_list_push(struct buddy *buddy, struct page *block, unsigned order)
{
	struct page *first = buddy->list[order];

	block->state = PAGE_FREE;
	block->order = (uint8_t)order;
	block->prev = NULL;
	block->next = first;
	if (first)
		first->prev = block;
	buddy->list[order] = block;
}

static void
buddy_list_take(struct buddy *buddy, struct page *block)
{
	if (block->prev)
		block->prev->next = block->next;
	else
		buddy->list[block->order] = block->next;
	if (block->next)
		block->next->prev = block->prev;
	block->state = PAGE_TAIL;
}

/* The free other half of a block, NULL: it is not there, or not whole. */
static struct page *
buddy_other_half(const struct buddy *buddy, const struct page *block,
		 unsigned order)
{
	uint64_t frame = buddy_frame_of(buddy, block) ^ (UINT64_C(1) << order);
	struct page *half;

	if (order == PAGE_ORDER_MAX || frame >= buddy->frames)
		return NULL;
	half = &buddy->pages[frame];
	return half->state == PAGE_FREE && half->order == order ? half : NULL;
}

/* Nothing is free yet. */
void
buddy_init(struct buddy *buddy, struct page *pages, uint64_t frames)
{
	*buddy = (struct buddy){.pages = pages, .frames = frames};
}

/* Gives it the frames from start up to end. */
void
buddy_add(struct buddy *buddy, uint64_t start, uint64_t end)
{
	for (uint64_t frame = start; frame < end; frame++)
		buddy->pages[frame].state = PAGE_TAIL;
	buddy->total += end - start;
	while (start < end) {
		unsigned order = 0;

		while (order < PAGE_ORDER_MAX &&
		       start % (UINT64_C(2) << order) == 0 &&
		       start + (UINT64_C(2) << order) <= end)
			order++;
		buddy_free(buddy, &buddy->pages[start], order);
		start += UINT64_C(1) << order;
	}
}

/* A block whose first page is PAGE_TAIL for its taker to mark. */
struct page *
buddy_alloc(struct buddy *buddy, unsigned order)
{
	unsigned have = order;
	struct page *block;

	while (have <= PAGE_ORDER_MAX && !buddy->list[have])
		have++;
	if (have > PAGE_ORDER_MAX)
		return NULL;
	block = buddy->list[have];
	buddy_list_take(buddy, block);
	while (have > order) {
		have--;
		buddy_list_push(buddy, block + (UINT64_C(1) << have), have);
	}
	buddy->free -= UINT64_C(1) << order;
	return block;
}

/* Takes a block back and joins it with what is free beside it. */
void
buddy_free(struct buddy *buddy, struct page *block, unsigned order)
{
	struct page *half;

	buddy->free += UINT64_C(1) << order;
	block->state = PAGE_TAIL;
	while ((half = buddy_other_half(buddy, block, order))) {
		buddy_list_take(buddy, half);
		if (half < block)
			block = half;
		order++;
	}
	buddy_list_push(buddy, block, order);
}

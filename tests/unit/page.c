/* with: kernel/buddy.c */
/*
 * The buddy allocator: blocks never overlap, are aligned to their size, and
 * everything comes back together.
 */
#include "buddy.h"
#include "test.h"

#define FRAMES 3000u

static struct page pages[FRAMES];
static struct buddy buddy;

static void
start(void)
{
	memset(pages, 0, sizeof(pages));
	buddy_init(&buddy, pages, FRAMES);
}

static uint64_t
frame_of(const struct page *page)
{
	return (uint64_t)(page - pages);
}

static unsigned
blocks_free(unsigned order)
{
	unsigned n = 0;

	for (struct page *p = buddy.list[order]; p; p = p->next)
		n++;
	return n;
}

TEST(buddy_cuts_a_range_into_the_largest_aligned_blocks)
{
	start();
	buddy_add(&buddy, 3, 1027);
	CHECK_EQ(buddy.free, 1024);
	CHECK_EQ(blocks_free(0), 2); /* 3, 1026 */
	CHECK_EQ(blocks_free(1), 1); /* 1024 */
	CHECK_EQ(blocks_free(2), 1); /* 4 */
	CHECK_EQ(blocks_free(9), 1); /* 512 */
	CHECK_EQ(blocks_free(10), 0);
}

TEST(buddy_joins_what_was_split)
{
	struct page *taken[1024];

	start();
	buddy_add(&buddy, 1024, 2048);
	CHECK_EQ(blocks_free(10), 1);
	for (unsigned i = 0; i < 1024; i++) {
		taken[i] = buddy_alloc(&buddy, 0);
		CHECK(taken[i]);
	}
	CHECK(!buddy_alloc(&buddy, 0));
	CHECK_EQ(buddy.free, 0);
	for (unsigned i = 0; i < 1024; i++)
		buddy_free(&buddy, taken[(i * 389) % 1024], 0);
	CHECK_EQ(buddy.free, 1024);
	CHECK_EQ(blocks_free(10), 1);
}

TEST(buddy_does_not_join_across_what_is_not_its)
{
	start();
	buddy_add(&buddy, 0, 4);
	buddy_add(&buddy, 5, 8);
	CHECK_EQ(blocks_free(3), 0);
	CHECK_EQ(pages[4].state, PAGE_RESERVED);
	CHECK_EQ(buddy.total, 7);
	CHECK(!buddy_alloc(&buddy, 3));
}

/* Random allocations and frees against a map of owners. */
TEST(buddy_blocks_never_overlap)
{
	static uint16_t owner[FRAMES];
	static struct {
		struct page *block;
		unsigned order;
	} held[500];
	uint32_t random = 12345;

	start();
	buddy_add(&buddy, 1, FRAMES);
	for (unsigned round = 0; round < 200000; round++) {
		unsigned slot = (random = random * 1664525 + 1013904223) >> 8;
		unsigned order = (random >> 28) % 6;
		struct page *block;

		slot %= 500;
		block = held[slot].block;
		if (block) {
			unsigned size = 1u << held[slot].order;

			for (unsigned i = 0; i < size; i++) {
				CHECK_EQ(owner[frame_of(block) + i], slot + 1);
				owner[frame_of(block) + i] = 0;
			}
			buddy_free(&buddy, block, held[slot].order);
			held[slot].block = NULL;
			continue;
		}
		block = buddy_alloc(&buddy, order);
		if (!block)
			continue;
		CHECK_EQ(frame_of(block) % (1u << order), 0);
		for (unsigned i = 0; i < 1u << order; i++) {
			CHECK_EQ(owner[frame_of(block) + i], 0);
			owner[frame_of(block) + i] = (uint16_t)(slot + 1);
		}
		held[slot].block = block;
		held[slot].order = order;
	}
	for (unsigned slot = 0; slot < 500; slot++)
		if (held[slot].block)
			buddy_free(&buddy, held[slot].block, held[slot].order);
	CHECK_EQ(buddy.free, FRAMES - 1);
	CHECK_EQ(blocks_free(10), 1);
}

/* with: kernel/slab.c */
/*
 * Slabs: objects of a page never overlap, and a page that is empty leaves.
 */
#include "slab.h"
#include "test.h"

#define PAGES 64u

static struct page pages[PAGES];
static char memory[PAGES][PAGE_SIZE] __attribute__((aligned(4096)));

static struct page *
page_of(void *object)
{
	return &pages[((char *)object - memory[0]) / (ptrdiff_t)PAGE_SIZE];
}

TEST(slab_gives_each_object_once_in_order)
{
	struct slab_cache cache = {.size = 192};
	unsigned fits = PAGE_SIZE / 192;

	slab_add(&cache, &pages[0], memory[0]);
	for (unsigned i = 0; i < fits; i++)
		CHECK((char *)slab_take(&cache) == memory[0] + i * 192);
	CHECK(!slab_take(&cache));
	CHECK_EQ(pages[0].used, fits);
}

TEST(slab_page_leaves_when_it_is_empty)
{
	struct slab_cache cache = {.size = 2048};
	void *a, *b;

	slab_add(&cache, &pages[0], memory[0]);
	a = slab_take(&cache);
	b = slab_take(&cache);
	CHECK(!cache.partial);
	CHECK(!slab_give(&cache, &pages[0], a));
	CHECK(cache.partial == &pages[0]);
	CHECK(slab_give(&cache, &pages[0], b));
	CHECK(!cache.partial);
}

/* Random takes and gives; every object keeps what its owner wrote. */
TEST(slab_objects_never_overlap)
{
	static const uint32_t sizes[] = {16, 48, 64, 384, 1024, 2048};
	static void *held[400];
	uint32_t random = 99;

	for (unsigned s = 0; s < sizeof(sizes) / sizeof(sizes[0]); s++) {
		struct slab_cache cache = {.size = sizes[s]};
		struct page *spare[PAGES];
		unsigned spares = 0;

		for (unsigned i = 0; i < PAGES; i++)
			spare[spares++] = &pages[i];
		for (unsigned round = 0; round < 100000; round++) {
			unsigned slot;

			random = random * 1664525 + 1013904223;
			slot = (random >> 8) % 400;
			if (held[slot]) {
				struct page *page = page_of(held[slot]);
				unsigned char *p = held[slot];

				for (uint32_t i = 0; i < sizes[s]; i++)
					CHECK_EQ(p[i], slot & 0xff);
				if (slab_give(&cache, page, held[slot]))
					spare[spares++] = page;
				held[slot] = NULL;
				continue;
			}
			held[slot] = slab_take(&cache);
			if (!held[slot] && spares) {
				struct page *page = spare[--spares];

				slab_add(&cache, page, memory[page - pages]);
				held[slot] = slab_take(&cache);
			}
			if (held[slot])
				memset(held[slot], (int)(slot & 0xff),
				       sizes[s]);
		}
		for (unsigned slot = 0; slot < 400; slot++) {
			if (held[slot] &&
			    slab_give(&cache, page_of(held[slot]), held[slot]))
				spares++;
			held[slot] = NULL;
		}
		CHECK_EQ(spares, PAGES);
	}
}

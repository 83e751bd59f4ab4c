/*
 * The index of a file's pages, against a plain table.
 *
 * with: schemes/file/page_index.c
 */
#include "file_fake.h"
#include "schemes/file/page_index.h"

enum { PLACES = 64 };

static struct page_index ix;
static uint64_t place[PLACES];
static struct page *there[PLACES];
static struct page pages[PLACES];

/* Places at and around every power of 2. */
static void
make_places(void)
{
	for (unsigned i = 0; i < PLACES; i++)
		place[i] = i < 4 ? i : (1ull << (i * 51 / PLACES)) + i % 3;
}

static void
check_all(void)
{
	uint64_t count = 0;

	for (unsigned i = 0; i < PLACES; i++) {
		struct page *expected = NULL;

		for (unsigned j = 0; j < PLACES; j++)
			if (place[j] == place[i] && there[j])
				expected = there[j];
		CHECK(page_index_get(&ix, place[i]) == expected);
		count += there[i] != NULL;
	}
	CHECK_EQ(ix.pages, count);
	CHECK_EQ(fake_blocks, ix.nodes);
}

static void
put_some(unsigned seed)
{
	for (unsigned i = 0; i < PLACES; i++)
		if ((i * 2654435761u >> 7 ^ seed) % 3 &&
		    !page_index_get(&ix, place[i])) {
			CHECK_EQ(page_index_put(&ix, place[i], &pages[i]), 0);
			there[i] = &pages[i];
		}
}

static void
cut(uint64_t from, unsigned max)
{
	struct page *out[PLACES];
	unsigned count;

	while ((count = page_index_take(&ix, from, out, max)) > 0)
		for (unsigned i = 0; i < count; i++) {
			unsigned which = (unsigned)(out[i] - pages);

			CHECK(there[which] && place[which] >= from);
			there[which] = NULL;
		}
	for (unsigned i = 0; i < PLACES; i++)
		CHECK(!there[i] || place[i] < from);
}

TEST(page_index_finds_what_was_put)
{
	make_places();
	for (unsigned seed = 0; seed < 50; seed++) {
		put_some(seed);
		check_all();
		cut(place[seed % PLACES], 1 + seed % 7);
		check_all();
	}
	cut(0, 32);
	check_all();
	CHECK_EQ(ix.nodes, 0);
	CHECK_EQ(ix.height, 0);
}

TEST(page_index_of_one_page_needs_no_node)
{
	CHECK_EQ(page_index_put(&ix, 0, &pages[0]), 0);
	CHECK_EQ(ix.nodes, 0);
	CHECK(page_index_get(&ix, 0) == &pages[0]);
	CHECK(!page_index_get(&ix, 1));
	CHECK(!page_index_get(&ix, UINT64_MAX));
}

TEST(page_index_without_memory_keeps_what_it_has)
{
	make_places();
	for (unsigned i = 0; i < PLACES; i++) {
		int error = -ENOMEM;

		if (page_index_get(&ix, place[i]))
			continue;
		for (long fail = 1; error; fail++) {
			fake_fail = fail;
			error = page_index_put(&ix, place[i], &pages[i]);
			fake_fail = 0;
			if (error) {
				CHECK_EQ(error, -ENOMEM);
				check_all();
			}
		}
		there[i] = &pages[i];
	}
	check_all();
	cut(0, 5);
	CHECK_EQ(fake_blocks, 0);
}

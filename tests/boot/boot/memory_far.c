/*
 * Pages all over the user's half of the address space: in every eighth of the
 * tables of each level, and on both sides of their ends.
 */
#include <stdbool.h>
#include "boot/children.h"

#define PAGE 4096u
#define LAST (UINT64_C(0x7f0000000000)) /* below the stack */

enum { PLACES_MAX = 512 };

static uint64_t places[PLACES_MAX];
static int count;

static void
add(uint64_t place)
{
	place &= ~(uint64_t)(PAGE - 1);
	if (place < 0x10000000 || place >= LAST)
		return;
	for (int i = 0; i < count; i++)
		if (places[i] == place)
			return;
	CHECK(count < PLACES_MAX);
	places[count++] = place;
}

/* For the table of each level: a place in each eighth of it, and the pages
 * before and at the beginning of the eighth. */
static void
choose(void)
{
	count = 0;
	for (unsigned shift = 12; shift <= 39; shift += 9)
		for (uint64_t eighth = 0; eighth < 8; eighth++) {
			uint64_t at = UINT64_C(0x2a5cb80000000);

			at &= ~((UINT64_C(1) << (shift + 9)) - 1);
			at &= LAST - 1;
			at += eighth * 64 << shift;
			add(at);
			add(at - PAGE);
			add(at + (UINT64_C(37) << shift));
		}
}

static void
map_all(void)
{
	for (int i = 0; i < count; i++) {
		uint64_t *page = (uint64_t *)places[i];

		CHECK(mmap(page, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			   0) == page);
		*page = places[i];
	}
}

static void
check_all(int from, int step)
{
	for (int i = from; i < count; i += step)
		CHECK_EQ(*(volatile uint64_t *)places[i], places[i]);
}

static void
check_in_child(void)
{
	check_all(0, 1);
	for (int i = 0; i < count; i++)
		*(uint64_t *)places[i] = 1;
}

static int touched;

static void
touch(void)
{
	CHECK(places[touched] != 0);
	*(volatile uint64_t *)places[touched] = 1;
}

TEST(pages_far_apart_are_copied_at_fork_and_unmapped_each)
{
	choose();
	CHECK(count > 60);
	map_all();
	CHECK_EQ(in_child(check_in_child), 0);
	check_all(0, 1);
	for (int i = 0; i < count; i += 2)
		CHECK_EQ(munmap((void *)places[i], PAGE), 0);
	check_all(1, 2);
	for (touched = 0; touched < count; touched += 2)
		CHECK_EQ(in_child(touch), 128 + SIGSEGV);
	/* a page that comes again is new */
	for (int i = 0; i < count; i += 2) {
		uint64_t *page = (uint64_t *)places[i];

		CHECK(mmap(page, PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			   0) == page);
		CHECK_EQ(*page, 0);
		*page = places[i];
	}
	check_all(0, 1);
}

TEST(unmapping_a_range_takes_every_page_in_it)
{
	uint64_t low = LAST, high = 0;

	choose();
	map_all();
	for (int i = 0; i < count; i++) {
		low = places[i] < low ? places[i] : low;
		high = places[i] > high ? places[i] : high;
	}
	CHECK_EQ(munmap((void *)(low + PAGE), high - low - PAGE), 0);
	for (touched = 0; touched < count; touched++) {
		bool edge = places[touched] == low || places[touched] == high;

		CHECK_EQ(in_child(touch), edge ? 0 : 128 + SIGSEGV);
	}
}

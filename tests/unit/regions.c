/* with: kernel/arch/x86_64/regions.c */
/* The boot memory map, against a plain array of pages. */
#include <stdint.h>
#include <string.h>
#include "arch/x86_64/regions.h"
#include "test.h"

#define PAGES 96

static struct boot_info boot;
static bool model[PAGES];

static void
start(void)
{
	memset(&boot, 0, sizeof(boot));
	memset(model, 0, sizeof(model));
}

static void
add(uint64_t start_at, uint64_t end)
{
	region_add(&boot, start_at, end);
	for (uint64_t page = 0; page < PAGES; page++)
		if (page * 4096 >= start_at && page * 4096 + 4096 <= end)
			model[page] = true;
}

static void
cut(uint64_t start_at, uint64_t end)
{
	region_cut(&boot, start_at, end);
	for (uint64_t page = 0; page < PAGES; page++)
		if (page * 4096 < end && page * 4096 + 4096 > start_at &&
		    end > start_at)
			model[page] = false;
}

static bool
listed(uint64_t address)
{
	for (unsigned i = 0; i < boot.regions; i++)
		if (address >= boot.region[i].start &&
		    address < boot.region[i].end)
			return true;
	return false;
}

static void
compare(void)
{
	for (uint64_t page = 0; page < PAGES; page++)
		CHECK_EQ(listed(page * 4096), model[page]);
	for (unsigned i = 0; i < boot.regions; i++) {
		CHECK(boot.region[i].start < boot.region[i].end);
		CHECK(i == 0 || boot.region[i - 1].end < boot.region[i].start);
		CHECK_EQ(boot.region[i].start % 4096, 0);
		CHECK_EQ(boot.region[i].end % 4096, 0);
	}
}

TEST(boot_regions_are_whole_pages_sorted_and_apart)
{
	start();
	add(0x3001, 0x5fff);
	add(0x1000, 0x2000);
	add(0x2000, 0x3000);
	compare();
	cut(0x1fff, 0x2001);
	compare();
	add(0x100, 0x200);
	cut(5, 5);
	compare();
}

TEST(boot_regions_agree_with_an_array_of_pages)
{
	uint64_t state = 7;

	for (unsigned round = 0; round < 300; round++) {
		start();
		for (unsigned n = 0; n < 40; n++) {
			uint64_t from, to;

			state = state * 6364136223846793005u + 1;
			from = (state >> 20) % (PAGES * 4096ull);
			to = from + (state >> 40) % (24 * 4096);
			if (to > PAGES * 4096ull)
				to = PAGES * 4096ull;
			if (state >> 63)
				add(from, to);
			else
				cut(from, to);
			compare();
		}
	}
}

TEST(boot_regions_forget_memory_when_the_list_is_full)
{
	start();
	for (uint64_t i = 0; i < 2 * BOOT_REGIONS; i++)
		region_add(&boot, i * 0x2000, i * 0x2000 + 0x1000);
	CHECK_EQ(boot.regions, BOOT_REGIONS);
	region_cut(&boot, 0, 0x2000 * BOOT_REGIONS * 4ull);
	CHECK_EQ(boot.regions, 0);
}

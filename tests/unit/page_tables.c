/*
 * The page tables of a space, real ones in the host's memory: what was mapped
 * is found, taken and freed, and nothing else.
 *
 * The code is compiled here with an arch_direct that takes a physical address
 * for a pointer.
 */
#define arch_direct arch_direct_of_the_machine
#include "arch/x86_64/local.h"
#undef arch_direct
#define arch_direct(phys) ((void *)(uintptr_t)(phys))
#include "arch/x86_64/space.c" /* NOLINT(bugprone-suspicious-include): above */
#include <stdlib.h>
#include "test.h"

struct features features = {.nx = true};
uint64_t kernel_root;

static int tables;

static uint64_t
table_alloc(void)
{
	void *table = aligned_alloc(PAGE_BYTES, PAGE_BYTES);

	CHECK(table != NULL);
	memset(table, 0, PAGE_BYTES);
	tables++;
	return (uint64_t)(uintptr_t)table;
}

static void
table_put(uint64_t phys)
{
	tables--;
	free((void *)(uintptr_t)phys);
}

static void
begin(struct arch_space *space)
{
	if (!kernel_root)
		kernel_root = table_alloc();
	tables = 0;
	arch_space_init(space, table_alloc());
}

static void
end(struct arch_space *space)
{
	arch_space_free(space, table_put);
	CHECK_EQ(tables, 0);
	free((void *)(uintptr_t)kernel_root);
	kernel_root = 0;
}

/* As vm_page.c does it: a table when it is asked for, `most` of them. */
static int
map(struct arch_space *space, uint64_t address, unsigned n, int most)
{
	uint64_t spares[ARCH_MAP_SPARES] = {0}, phys[8];
	int error;

	for (unsigned i = 0; i < n; i++)
		phys[i] = address + i * PAGE_BYTES;
	while ((error = arch_map_run(space, address, phys, n, ARCH_READ,
				     spares)) == -ENOMEM &&
	       most-- > 0)
		spares[0] = table_alloc();
	return error;
}

TEST(tables_of_a_mapping_that_found_no_memory_are_freed)
{
	const uint64_t places[] = {0x400000, 0x123456789000, 0x7ffffffde000};

	for (unsigned i = 0; i < 3; i++)
		for (int most = 0; most <= 3; most++) {
			struct arch_space space;

			begin(&space);
			CHECK_EQ(map(&space, places[i], 1, most),
				 most < 3 ? -ENOMEM : 0);
			CHECK_EQ(arch_next_present(&space, 0, USER_END),
				 most < 3 ? USER_END : places[i]);
			end(&space);
		}
}

/* ---- against a list ---- */

enum { LIST_MAX = 600 };

static uint64_t list[LIST_MAX];
static unsigned listed;

/* Near one of few places, or far. */
static uint64_t
place(void)
{
	static const uint64_t bases[] = {0x400000,	 0x401ff000,
					 0x3fffe000,	 0x8000000000,
					 0x7fffbf000000, 0x7fffffe00000};
	uint64_t base = bases[rand() % 6];
	uint64_t at =
		base + ((uint64_t)(rand() % (rand() % 2 ? 40 : 90000)) << 12);

	return at < USER_END ? at : base;
}

static uint64_t
listed_from(uint64_t from, uint64_t end)
{
	for (unsigned i = 0; i < listed; i++)
		if (list[i] >= from && list[i] < end)
			end = list[i];
	return end;
}

static void
unlist(uint64_t page)
{
	for (unsigned i = 0; i < listed; i++)
		if (list[i] == page) {
			list[i] = list[--listed];
			return;
		}
	CHECK(!"was mapped");
}

static void
map_some(struct arch_space *space)
{
	uint64_t at = place();
	unsigned n = 1 + (unsigned)rand() % 8;

	if (at / ARCH_TABLE_BYTES !=
		    (at + n * PAGE_BYTES - 1) / ARCH_TABLE_BYTES ||
	    at + n * PAGE_BYTES > USER_END || listed + n > LIST_MAX)
		return;
	CHECK_EQ(map(space, at, n, 3), 0);
	for (unsigned i = 0; i < n; i++)
		if (listed_from(at + i * PAGE_BYTES,
				at + (i + 1) * PAGE_BYTES) ==
		    at + (i + 1) * PAGE_BYTES)
			list[listed++] = at + i * PAGE_BYTES;
}

static void
unmap_some(struct arch_space *space)
{
	uint64_t from = place(), end = place(), pages[16];
	unsigned n;

	if (end < from)
		end = from;
	CHECK_EQ(arch_next_present(space, from, end), listed_from(from, end));
	while ((n = arch_unmap_run(space, &from, end, pages, 16))) {
		for (unsigned i = 0; i < n; i++) {
			CHECK_EQ(pages[i], from + i * PAGE_BYTES);
			unlist(pages[i]);
		}
		from += n * PAGE_BYTES;
	}
	CHECK_EQ(listed_from(from, end), end);
}

TEST(pages_are_found_and_taken_as_a_list_says)
{
	srand(1);
	for (int round = 0; round < 60; round++) {
		struct arch_space space;
		uint64_t page;

		begin(&space);
		listed = 0;
		for (int i = 0; i < 200; i++) {
			if (rand() % 3)
				map_some(&space);
			else
				unmap_some(&space);
			page = place();
			CHECK_EQ(arch_lookup(&space, page, NULL, NULL),
				 listed_from(page, page + PAGE_BYTES) == page);
		}
		end(&space);
	}
}

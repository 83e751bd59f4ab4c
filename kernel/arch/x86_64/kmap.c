/*
 * The kernel's own address space, built once by boot.c while the first page
 * tables are in force: the image with each section's rights, the direct map of
 * all RAM and of device memory below 4 GiB, the CPUs' stacks. Its tables are
 * taken from the end of the largest free region; there is no identity map in
 * it.
 */
#include "local.h"

#define LARGE	   0x200000u
#define GIB4	   0x100000000u
#define DIRECT_MAX 0x8000000000u /* one entry of the top table */

uint64_t kernel_root;

static struct boot_region *pool; /* where pages are taken from */

static uint64_t
page_take(void)
{
	if (pool->end - pool->start < 2 * 4096)
		panic("not enough memory for the kernel's page tables");
	pool->end -= 4096;
	__builtin_memset(arch_direct(pool->end), 0, 4096);
	return pool->end;
}

static void
pool_choose(struct boot_info *boot)
{
	uint64_t most = 0;

	for (unsigned i = 0; i < boot->regions; i++) {
		struct boot_region *region = &boot->region[i];

		if (region->end <= GIB4 && region->end - region->start > most) {
			most = region->end - region->start;
			pool = region;
		}
	}
	if (!pool)
		panic("no free memory below 4 GiB");
}

static uint64_t *
table_under(uint64_t *table, uint64_t address, unsigned shift)
{
	uint64_t *entry = &table[address >> shift & 511];

	if (!(*entry & PTE_PRESENT))
		*entry = page_take() | PTE_PRESENT | PTE_WRITE;
	return arch_direct(*entry & PTE_PHYS);
}

static uint64_t *
large_entry(uint64_t address)
{
	uint64_t *table = arch_direct(kernel_root);

	table = table_under(table, address, 39);
	table = table_under(table, address, 30);
	return &table[address >> 21 & 511];
}

static void
map_page(uint64_t address, uint64_t phys, uint64_t flags)
{
	uint64_t *entry = large_entry(address);

	if (!*entry)
		*entry = page_take() | PTE_PRESENT | PTE_WRITE;
	entry = arch_direct(*entry & PTE_PHYS);
	entry[address >> 12 & 511] = phys | flags;
}

static uint64_t
image_phys(const char *symbol)
{
	return (uint64_t)symbol - KERNEL_BASE;
}

/* Flags of data pages, of read-only ones, of code. */
static uint64_t
flags_data(void)
{
	return PTE_PRESENT | PTE_WRITE | (features.pge ? PTE_GLOBAL : 0) |
	       (features.nx ? PTE_NX : 0);
}

static uint64_t
flags_rodata(void)
{
	return flags_data() & ~(uint64_t)PTE_WRITE;
}

static uint64_t
flags_text(void)
{
	return flags_rodata() & ~(uint64_t)PTE_NX;
}

static void
map_image(void)
{
	uint64_t phys = image_phys(kernel_text);

	for (; phys < image_phys(kernel_text_end); phys += 4096)
		map_page(KERNEL_BASE + phys, phys, flags_text());
	for (; phys < image_phys(kernel_rodata_end); phys += 4096)
		map_page(KERNEL_BASE + phys, phys, flags_rodata());
	for (; phys < image_phys(kernel_end); phys += 4096)
		map_page(KERNEL_BASE + phys, phys, flags_data());
}

/* 2 MiB of the direct map that hold some of the image: its constant part is
 * read-only here too. */
static void
map_direct_pages(uint64_t start)
{
	for (uint64_t phys = start; phys < start + LARGE; phys += 4096) {
		bool constant = phys >= 0x100000 &&
				phys < image_phys(kernel_rodata_end);

		map_page(ARCH_DIRECT_BASE + phys, phys,
			 constant ? flags_rodata() : flags_data());
	}
}

static void
map_direct(uint64_t end, uint64_t ram_end_low)
{
	for (uint64_t phys = 0; phys < end; phys += LARGE) {
		bool device = phys >= ram_end_low && phys < GIB4;
		uint64_t flags =
			flags_data() | PTE_LARGE | (device ? PTE_UNCACHED : 0);

		if (phys < image_phys(kernel_rodata_end))
			map_direct_pages(phys);
		else
			*large_entry(ARCH_DIRECT_BASE + phys) = phys | flags;
	}
}

static void
map_cpu_stacks(unsigned id)
{
	uint64_t base = CPU_STACKS_BASE + (uint64_t)id * CPU_STACKS_SIZE;

	for (uint64_t offset = 0; offset < CPU_STACKS_SIZE; offset += 4096)
		if (cpu_stack_page(offset))
			map_page(base + offset, page_take(), flags_data());
}

/* The end of RAM below 4 GiB: from there on it is devices'. */
static uint64_t
low_end(const struct boot_info *boot)
{
	uint64_t end = 0;

	for (unsigned i = 0; i < boot->regions; i++)
		if (boot->region[i].end <= GIB4 && boot->region[i].end > end)
			end = boot->region[i].end;
	if (boot->archive_end > end)
		end = boot->archive_end;
	return end;
}

/* Fills kernel_root; takes pages out of boot's regions. */
void
kmap_build(struct boot_info *boot, unsigned cpus_possible)
{
	uint64_t *root;
	uint64_t low = low_end(boot);

	if (boot->memory_end > DIRECT_MAX) {
		region_cut(boot, DIRECT_MAX, boot->memory_end);
		boot->memory_end = DIRECT_MAX;
	}
	pool_choose(boot);
	kernel_root = page_take();
	root = arch_direct(kernel_root);
	/* shared by all spaces from now on: every entry that may ever be used
	 */
	for (uint64_t at = ARCH_STACKS_BASE; at < ARCH_STACKS_END;
	     at += 1ull << 39)
		table_under(root, at, 39);
	map_image();
	map_direct(boot->memory_end > GIB4 ? boot->memory_end : GIB4, low);
	for (unsigned id = 0; id < cpus_possible; id++)
		map_cpu_stacks(id);
}

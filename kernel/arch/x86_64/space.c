/*
 * Page tables: the user half of each space and the kernel's changing parts.
 * Pure edits; the caller holds whatever guards the space, brings pages for
 * missing tables, and flushes (flush.c) after taking rights away.
 *
 * A page that a program may not touch at all is not present for the processor
 * but keeps its entry (PTE_KEPT); "present" in arch.h's words is either.
 *
 * Most tables are nearly empty.  The entry that points to a table says, in bits
 * that the processor does not look at, which eighths of the table were ever
 * used; the root's are in the space.  What looks for used entries passes over
 * the others.
 */
#include "local.h"
#include "../../abi/errno.h"

#define ENTRIES	  512
#define USER_HALF 256

#define PAGE_BYTES 4096u

#define EIGHTH	    (ENTRIES / 8)
#define EIGHTHS_AT  52
#define EIGHTHS_ALL 0xffu

static uint64_t *
table_of(uint64_t entry)
{
	return arch_direct(entry & PTE_PHYS);
}

/* Which eighths of the table that this entry points to were used. */
static unsigned
eighths_of(uint64_t entry)
{
	return entry >> EIGHTHS_AT & EIGHTHS_ALL;
}

static uint64_t
eighth_bit(unsigned index)
{
	return UINT64_C(1) << (EIGHTHS_AT + index / EIGHTH);
}

static bool
is_mapped(uint64_t entry)
{
	return entry & (PTE_PRESENT | PTE_KEPT);
}

static uint64_t
flags_of(unsigned prot, uint64_t user)
{
	uint64_t flags = user;

	flags |= prot & (ARCH_READ | ARCH_WRITE | ARCH_EXEC) ? PTE_PRESENT
							     : PTE_KEPT;
	flags |= prot & ARCH_WRITE ? PTE_WRITE : 0;
	flags |= !(prot & ARCH_EXEC) && features.nx ? PTE_NX : 0;
	return flags;
}

static unsigned
prot_of(uint64_t entry)
{
	unsigned prot = 0;

	if (entry & PTE_USER)
		prot |= ARCH_USER;
	if (!(entry & PTE_PRESENT))
		return prot;
	prot |= ARCH_READ;
	if (entry & PTE_WRITE)
		prot |= ARCH_WRITE;
	if (!(entry & PTE_NX))
		prot |= ARCH_EXEC;
	return prot;
}

/* The entry of a 4 KiB page; NULL: a table is missing, or a larger page is
 * there. */
uint64_t *
space_entry(uint64_t root, uint64_t address)
{
	uint64_t *table = arch_direct(root);

	for (unsigned shift = 39; shift > 12; shift -= 9) {
		uint64_t entry = table[address >> shift & 511];

		if (!(entry & PTE_PRESENT) || entry & PTE_LARGE)
			return NULL;
		table = table_of(entry);
	}
	return &table[address >> 12 & 511];
}

static uint64_t
spare_take(uint64_t spares[ARCH_MAP_SPARES])
{
	for (unsigned i = 0; i < ARCH_MAP_SPARES; i++) {
		uint64_t page = spares[i];

		if (page) {
			spares[i] = 0;
			return page;
		}
	}
	return 0;
}

/* As space_entry, but makes the missing tables; NULL: the spares ran out. */
static uint64_t *
entry_make(uint64_t root, uint64_t address, uint64_t user,
	   uint64_t spares[ARCH_MAP_SPARES])
{
	uint64_t *table = arch_direct(root);

	for (unsigned shift = 39; shift > 12; shift -= 9) {
		uint64_t *entry = &table[address >> shift & 511];
		uint64_t below = eighth_bit(address >> (shift - 9) & 511);

		if (!(*entry & PTE_PRESENT)) {
			uint64_t page = spare_take(spares);

			if (!page)
				return NULL;
			*entry = page | PTE_PRESENT | PTE_WRITE | user;
		}
		if (!(*entry & below))
			*entry |= below;
		table = table_of(*entry);
	}
	return &table[address >> 12 & 511];
}

static bool
entry_take(uint64_t *entry, uint64_t *phys)
{
	uint64_t old;

	if (!entry || !is_mapped(*entry))
		return false;
	old = __atomic_exchange_n(entry, 0, __ATOMIC_SEQ_CST);
	if (phys)
		*phys = old & PTE_PHYS;
	return true;
}

void
arch_space_init(struct arch_space *space, uint64_t page_phys)
{
	uint64_t *root = arch_direct(page_phys);
	const uint64_t *kernel = arch_direct(kernel_root);

	__builtin_memset(root, 0, USER_HALF * sizeof(*root));
	__builtin_memcpy(root + USER_HALF, kernel + USER_HALF,
			 USER_HALF * sizeof(*root));
	space->root = page_phys;
	space->eighths = 0;
	atomic_init(&space->cpus, 0);
}

/* The first entry from i to end that is used; end: none.  In an eighth, eight
 * entries are passed at a time. */
static unsigned
entry_next(const uint64_t *table, unsigned eighths, unsigned i, unsigned end)
{
	while (i < end) {
		const uint64_t *t = table + i;

		if (!(eighths >> i / EIGHTH & 1))
			i = (i / EIGHTH + 1) * EIGHTH;
		else if (*t)
			return i;
		else if (i % 8 == 0 &&
			 !(t[1] | t[2] | t[3] | t[4] | t[5] | t[6] | t[7]))
			i += 8;
		else
			i++;
	}
	return end;
}

/* entry: the one that points to it. */
static void
table_free(uint64_t entry, unsigned level, void (*put)(uint64_t phys))
{
	const uint64_t *table = table_of(entry);
	unsigned i = level > 1 ? 0 : ENTRIES;

	while ((i = entry_next(table, eighths_of(entry), i, ENTRIES)) < ENTRIES)
		table_free(table[i++], level - 1, put);
	put(entry & PTE_PHYS);
}

void
arch_space_free(struct arch_space *space, void (*put)(uint64_t phys))
{
	const uint64_t *root = arch_direct(space->root);
	unsigned i = 0;

	while ((i = entry_next(root, space->eighths, i, USER_HALF)) < USER_HALF)
		table_free(root[i++], 3, put);
	put(space->root);
	space->root = 0;
}

int
arch_map_run(struct arch_space *space, uint64_t address, const uint64_t *phys,
	     unsigned n, unsigned prot, uint64_t spares[ARCH_MAP_SPARES])
{
	uint64_t flags = flags_of(prot, PTE_USER);

	/* first: some of the tables may be made and then not all */
	space->eighths |= (uint8_t)(1u << (address >> 39) / EIGHTH);
	for (unsigned i = 0; i < n;) {
		uint64_t *entry =
			entry_make(space->root, address + i * PAGE_BYTES,
				   PTE_USER, spares);
		unsigned here = EIGHTH - (address / PAGE_BYTES + i) % EIGHTH;

		if (!entry)
			return -ENOMEM;
		for (; here && i < n; here--, i++, entry++)
			__atomic_store_n(entry, phys[i] | flags,
					 __ATOMIC_RELEASE);
	}
	return 0;
}

bool
arch_lookup(struct arch_space *space, uint64_t address, uint64_t *phys,
	    unsigned *prot)
{
	const uint64_t *entry = space_entry(space->root, address);

	if (!entry || !is_mapped(*entry))
		return false;
	if (phys)
		*phys = *entry & PTE_PHYS;
	if (prot)
		*prot = prot_of(*entry);
	return true;
}

void
arch_protect(struct arch_space *space, uint64_t address, unsigned prot)
{
	uint64_t *entry = space_entry(space->root, address);

	if (entry && is_mapped(*entry))
		__atomic_store_n(entry,
				 (*entry & PTE_PHYS) | flags_of(prot, PTE_USER),
				 __ATOMIC_SEQ_CST);
}

/* The entry of the first mapped page from *address on, which becomes that
 * page's; NULL, and *address is end: none before it. */
static uint64_t *
entry_from(const struct arch_space *space, uint64_t *address, uint64_t end)
{
	uint64_t at = *address;

	while (at < end) {
		uint64_t *table = arch_direct(space->root);
		unsigned eighths = space->eighths;

		for (unsigned shift = 39; at < end; shift -= 9) {
			unsigned i = at >> shift & 511, used = i;

			if (!table[i])
				used = entry_next(table, eighths, i, ENTRIES);
			if (used > i)
				at = ((at >> shift) + used - i) << shift;
			if (used == ENTRIES || at >= end)
				break;
			if (shift == 12) {
				*address = at;
				return &table[used];
			}
			eighths = eighths_of(table[used]);
			table = table_of(table[used]);
		}
	}
	*address = end;
	return NULL;
}

uint64_t
arch_next_present(struct arch_space *space, uint64_t address, uint64_t end)
{
	entry_from(space, &address, end);
	return address;
}

/* The entries of at ... end that lie in one table, but no more than most. */
static unsigned
entries_to(uint64_t at, uint64_t end, unsigned most)
{
	uint64_t stop = (at / ARCH_TABLE_BYTES + 1) * ARCH_TABLE_BYTES;
	uint64_t n = ((stop < end ? stop : end) - at) / PAGE_BYTES;

	return n < most ? (unsigned)n : most;
}

unsigned
arch_unmap_run(struct arch_space *space, uint64_t *address, uint64_t end,
	       uint64_t *phys, unsigned most)
{
	uint64_t *entry = entry_from(space, address, end);
	unsigned n = 0, here = entries_to(*address, end, most);

	while (n < here && entry_take(entry + n, &phys[n]))
		n++;
	return n;
}

unsigned
arch_protect_run(struct arch_space *space, uint64_t *address, uint64_t end,
		 unsigned prot, uint64_t *phys, unsigned most)
{
	uint64_t *entry = entry_from(space, address, end);
	unsigned n = 0, here = entries_to(*address, end, most);
	uint64_t flags = flags_of(prot, PTE_USER);

	for (; n < here && is_mapped(entry[n]); n++) {
		phys[n] = entry[n] & PTE_PHYS;
		__atomic_store_n(&entry[n], phys[n] | flags, __ATOMIC_SEQ_CST);
	}
	return n;
}

int
arch_kernel_map(uint64_t address, uint64_t phys, unsigned prot,
		uint64_t spares[ARCH_MAP_SPARES])
{
	uint64_t *entry = entry_make(kernel_root, address, 0, spares);

	if (!entry)
		return -ENOMEM;
	__atomic_store_n(entry, phys | flags_of(prot, 0), __ATOMIC_RELEASE);
	return 0;
}

bool
arch_kernel_unmap(uint64_t address, uint64_t *phys)
{
	return entry_take(space_entry(kernel_root, address), phys);
}

/* Is this kernel address backed by memory?  For backtraces, which must not
 * fault. */
bool
kernel_present(uint64_t address)
{
	const uint64_t *table = arch_direct(kernel_root);

	if (!kernel_root || address < ARCH_DIRECT_BASE)
		return false;
	for (unsigned shift = 39;; shift -= 9) {
		uint64_t entry = table[address >> shift & 511];

		if (!(entry & PTE_PRESENT))
			return false;
		if (shift == 12 || entry & PTE_LARGE)
			return true;
		table = table_of(entry);
	}
}

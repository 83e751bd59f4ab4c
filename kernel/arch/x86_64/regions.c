/*
 * The list of free memory: sorted, apart, whole pages.  Filled by bootinfo.c
 * from what the loader says and cut by boot.c.  Knows nothing of the machine.
 * When the list is full, memory is forgone, never invented.
 */
#include "regions.h"

#define PAGE 4096u

static void
insert_at(struct boot_info *boot, unsigned at, uint64_t start, uint64_t end)
{
	if (boot->regions == BOOT_REGIONS)
		return;
	for (unsigned i = boot->regions; i > at; i--)
		boot->region[i] = boot->region[i - 1];
	boot->region[at].start = start;
	boot->region[at].end = end;
	boot->regions++;
}

static void
remove_at(struct boot_info *boot, unsigned at)
{
	boot->regions--;
	for (unsigned i = at; i < boot->regions; i++)
		boot->region[i] = boot->region[i + 1];
}

/* Adds [start, end), rounded inwards to whole pages; what it touches or
 * overlaps becomes one region. */
void
region_add(struct boot_info *boot, uint64_t start, uint64_t end)
{
	unsigned at = 0;

	start = (start + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	end &= ~(uint64_t)(PAGE - 1);
	if (start >= end)
		return;
	while (at < boot->regions && boot->region[at].end < start)
		at++;
	while (at < boot->regions && boot->region[at].start <= end) {
		if (boot->region[at].start < start)
			start = boot->region[at].start;
		if (boot->region[at].end > end)
			end = boot->region[at].end;
		remove_at(boot, at);
	}
	insert_at(boot, at, start, end);
}

/* Takes [start, end) out, rounded outwards to whole pages. */
void
region_cut(struct boot_info *boot, uint64_t start, uint64_t end)
{
	start &= ~(uint64_t)(PAGE - 1);
	end = (end + PAGE - 1) & ~(uint64_t)(PAGE - 1);
	if (start >= end)
		return;
	for (unsigned i = 0; i < boot->regions; i++) {
		struct boot_region old = boot->region[i];

		if (old.end <= start || old.start >= end)
			continue;
		remove_at(boot, i);
		if (old.end > end)
			insert_at(boot, i, end, old.end);
		if (old.start < start)
			insert_at(boot, i, old.start, start);
		else if (old.end <= end)
			i--; /* nothing is left here: look at the next one */
	}
}

/*
 * What the loader says about memory, the boot archive, the command line and
 * ACPI, in multiboot2's form or in PVH's.  Called by boot.c while the first
 * page tables (4 GiB) are in force.  Everything is copied: afterwards the
 * loader's tables are free memory.
 */
#include "local.h"

#define DIRECT_AT_BOOT 0x100000000u /* what the first page tables reach */
#define RAM	       1

/* ---- PVH ---- */

struct pvh_info {
	uint32_t magic, version, flags, modules;
	uint64_t module_list, cmdline, rsdp, map;
	uint32_t map_entries, reserved;
};
struct pvh_module {
	uint64_t start, size, cmdline, reserved;
};
struct pvh_range {
	uint64_t start, size;
	uint32_t type, reserved;
};

/* ---- multiboot2 ---- */

enum {
	TAG_END = 0,
	TAG_CMDLINE = 1,
	TAG_MODULE = 3,
	TAG_MAP = 6,
	TAG_RSDP_OLD = 14,
	TAG_RSDP_NEW = 15
};
struct mb2_tag {
	uint32_t type, size;
};
struct mb2_module {
	struct mb2_tag tag;
	uint32_t start, end;
};
struct mb2_map {
	struct mb2_tag tag;
	uint32_t entry_size, version;
};
struct mb2_range {
	uint64_t start, size;
	uint32_t type, reserved;
};

static void
memory_range(struct boot_info *boot, uint64_t start, uint64_t size,
	     uint32_t type)
{
	if (type != RAM || size == 0 || start + size < start)
		return;
	region_add(boot, start, start + size);
	if (start + size > boot->memory_end)
		boot->memory_end = start + size;
}

static void
copy_cmdline(struct boot_info *boot, const char *text)
{
	size_t i = 0;

	for (; i < sizeof(boot->cmdline) - 1 && text[i]; i++)
		boot->cmdline[i] = text[i];
	boot->cmdline[i] = '\0';
}

static void
archive_is(struct boot_info *boot, uint64_t start, uint64_t end)
{
	if (boot->archive_end || end <= start)
		return; /* the first module is the archive */
	boot->archive = start;
	boot->archive_end = end;
}

static uint64_t
pvh_read(const struct pvh_info *info, struct boot_info *boot)
{
	const struct pvh_module *module = arch_direct(info->module_list);
	const struct pvh_range *range = arch_direct(info->map);

	if (info->version >= 1)
		for (uint32_t i = 0; i < info->map_entries; i++)
			memory_range(boot, range[i].start, range[i].size,
				     range[i].type);
	if (info->modules)
		archive_is(boot, module->start, module->start + module->size);
	if (info->cmdline)
		copy_cmdline(boot, arch_direct(info->cmdline));
	return info->rsdp;
}

static void
mb2_map(const struct mb2_map *map, struct boot_info *boot)
{
	const char *at = (const char *)(map + 1);
	const char *end = (const char *)map + map->tag.size;

	if (map->entry_size < sizeof(struct mb2_range))
		return;
	for (; at + map->entry_size <= end; at += map->entry_size) {
		const struct mb2_range *range = (const void *)at;

		memory_range(boot, range->start, range->size, range->type);
	}
}

static uint64_t
mb2_read(uint32_t info, struct boot_info *boot)
{
	const struct mb2_tag *tag = arch_direct(info + 8);
	uint64_t rsdp = 0;

	while (tag->type != TAG_END && tag->size >= sizeof(*tag)) {
		const struct mb2_module *module = (const void *)tag;

		if (tag->type == TAG_CMDLINE)
			copy_cmdline(boot, (const char *)(tag + 1));
		else if (tag->type == TAG_MODULE)
			archive_is(boot, module->start, module->end);
		else if (tag->type == TAG_MAP)
			mb2_map((const void *)tag, boot);
		else if (tag->type == TAG_RSDP_NEW ||
			 (tag->type == TAG_RSDP_OLD && !rsdp))
			rsdp = arch_phys(tag + 1);
		tag = (const void *)((const char *)tag +
				     ((tag->size + 7) & ~7u));
	}
	return rsdp;
}

/* Fills boot; returns the physical address of ACPI's root pointer, 0: the
 * loader knows of none. */
uint64_t
bootinfo_read(uint32_t kind, uint32_t info, struct boot_info *boot)
{
	uint64_t rsdp;

	if (kind == BOOT_MULTIBOOT2)
		rsdp = mb2_read(info, boot);
	else
		rsdp = pvh_read(arch_direct(info), boot);
	if (boot->archive_end > DIRECT_AT_BOOT)
		boot->archive = boot->archive_end = 0;
	return rsdp;
}

/*
 * The little that is wanted from ACPI: which CPUs there are, where the I/O
 * APICs are and how the old ISA lines reach them (MADT).  Called by boot.c
 * before any memory is handed out; all of it is copied.  A machine without
 * these tables runs on one CPU with the usual addresses.
 */
#include "local.h"

struct acpi acpi;

#define DIRECT_AT_BOOT 0x100000000u

struct rsdp {
	char signature[8];
	uint8_t sum;
	char oem[6];
	uint8_t revision;
	uint32_t rsdt;
	uint32_t length;
	uint64_t xsdt;
} __attribute__((packed));

struct table {
	char signature[4];
	uint32_t length;
	uint8_t revision, sum;
	char oem[6], oem_table[8];
	uint32_t oem_revision, creator, creator_revision;
} __attribute__((packed));

struct madt {
	struct table head;
	uint32_t lapic, flags;
} __attribute__((packed));

enum { MADT_LAPIC = 0, MADT_IOAPIC = 1, MADT_OVERRIDE = 2, MADT_LAPIC_64 = 5 };

union madt_entry {
	struct {
		uint8_t type, length;
	} head;
	struct {
		uint8_t type, length, processor, id;
		uint32_t flags;
	} __attribute__((packed)) lapic;
	struct {
		uint8_t type, length, id, reserved;
		uint32_t phys, first;
	} __attribute__((packed)) ioapic;
	struct {
		uint8_t type, length, bus, line;
		uint32_t pin;
		uint16_t flags;
	} __attribute__((packed)) line;
	struct {
		uint8_t type, length;
		uint16_t reserved;
		uint64_t phys;
	} __attribute__((packed)) lapic_64;
};

static bool
same(const char *a, const char *b, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (a[i] != b[i])
			return false;
	return true;
}

static bool
sums_to_zero(const void *p, size_t n)
{
	const uint8_t *byte = p;
	uint8_t sum = 0;

	for (size_t i = 0; i < n; i++)
		sum = (uint8_t)(sum + byte[i]);
	return sum == 0;
}

static const struct rsdp *
rsdp_at(uint64_t phys)
{
	const struct rsdp *rsdp = arch_direct(phys);

	if (!phys || phys + sizeof(*rsdp) > DIRECT_AT_BOOT)
		return NULL;
	if (!same(rsdp->signature, "RSD PTR ", 8) || !sums_to_zero(rsdp, 20))
		return NULL;
	return rsdp;
}

/* The loader did not say: the firmware's area, every 16 bytes. */
static const struct rsdp *
rsdp_search(void)
{
	for (uint64_t phys = 0xe0000; phys < 0x100000; phys += 16)
		if (rsdp_at(phys))
			return rsdp_at(phys);
	return NULL;
}

static const struct table *
table_at(uint64_t phys)
{
	const struct table *table = arch_direct(phys);

	if (!phys || phys + sizeof(*table) > DIRECT_AT_BOOT)
		return NULL;
	if (table->length < sizeof(*table) ||
	    phys + table->length > DIRECT_AT_BOOT)
		return NULL;
	return sums_to_zero(table, table->length) ? table : NULL;
}

static const struct madt *
madt_find(const struct rsdp *rsdp)
{
	bool wide = rsdp->revision >= 2 && table_at(rsdp->xsdt);
	const struct table *root = table_at(wide ? rsdp->xsdt : rsdp->rsdt);
	size_t entry = wide ? 8 : 4;

	if (!root)
		return NULL;
	for (size_t at = sizeof(*root); at + entry <= root->length;
	     at += entry) {
		uint64_t phys = 0;
		const struct table *table;

		__builtin_memcpy(&phys, (const char *)root + at, entry);
		table = table_at(phys);
		if (table && same(table->signature, "APIC", 4) &&
		    table->length >= sizeof(struct madt))
			return (const void *)table;
	}
	return NULL;
}

static void
lapic_add(uint32_t id, uint32_t flags)
{
	bool usable = flags & 1;

	if (usable && acpi.apic_ids < CPU_MAX)
		acpi.apic_id[acpi.apic_ids++] = id;
}

static void
ioapic_add(uint64_t phys, uint32_t first)
{
	if (acpi.ioapics == sizeof(acpi.ioapic) / sizeof(acpi.ioapic[0]))
		return;
	acpi.ioapic[acpi.ioapics].phys = phys;
	acpi.ioapic[acpi.ioapics].first = first;
	acpi.ioapics++;
}

static void
line_override(const union madt_entry *entry)
{
	struct acpi_line *line = &acpi.isa[entry->line.line & 15];

	line->pin = entry->line.pin;
	line->low = (entry->line.flags & 3) == 3;
	line->level = (entry->line.flags >> 2 & 3) == 3;
}

static void
madt_entry_read(const union madt_entry *entry)
{
	switch (entry->head.type) {
	case MADT_LAPIC:
		lapic_add(entry->lapic.id, entry->lapic.flags);
		break;
	case MADT_IOAPIC:
		ioapic_add(entry->ioapic.phys, entry->ioapic.first);
		break;
	case MADT_OVERRIDE:
		line_override(entry);
		break;
	case MADT_LAPIC_64:
		acpi.lapic_phys = entry->lapic_64.phys;
		break;
	default:
		break;
	}
}

static void
madt_read(const struct madt *madt)
{
	static const uint8_t least[] = {[MADT_LAPIC] = 8,
					[MADT_IOAPIC] = 12,
					[MADT_OVERRIDE] = 10,
					[MADT_LAPIC_64] = 12};
	const char *end = (const char *)madt + madt->head.length;
	const char *at = (const char *)(madt + 1);

	acpi.lapic_phys = madt->lapic;
	while (at + 2 <= end) {
		const union madt_entry *entry = (const void *)at;
		uint8_t length = entry->head.length;

		if (length < 2 || at + length > end)
			break;
		if (entry->head.type >= sizeof(least) ||
		    length >= least[entry->head.type])
			madt_entry_read(entry);
		at += length;
	}
}

void
acpi_read(uint64_t rsdp_phys)
{
	const struct rsdp *rsdp = rsdp_at(rsdp_phys);
	const struct madt *madt = NULL;

	for (uint32_t line = 0; line < 16; line++)
		acpi.isa[line].pin = line;
	if (!rsdp)
		rsdp = rsdp_search();
	if (rsdp)
		madt = madt_find(rsdp);
	if (madt)
		madt_read(madt);
	if (!acpi.lapic_phys)
		acpi.lapic_phys = 0xfee00000;
	if (!acpi.ioapics)
		ioapic_add(0xfec00000, 0);
}

/*
 * What the processor has, and turning it on.  boot.c asks once; every CPU then
 * enables the same.  Nothing is assumed beyond 64-bit mode: the oldest such
 * processor boots, the newest gets all its protections.
 */
#include "local.h"

struct features features;

static bool
bit(uint32_t word, unsigned n)
{
	return word >> n & 1;
}

/* Writes STAC and CLAC over the places that wait for them. */
static void
patch_smap(void)
{
	uint64_t at = (uint64_t)smap_sites;

	for (; at < (uint64_t)smap_sites_end; at += sizeof(struct smap_site)) {
		const struct smap_site *site = (const void *)at;
		unsigned char *code = (unsigned char *)site->address;

		for (unsigned i = 0; i < 3; i++)
			code[i] = (unsigned char)(site->code >> (8 * i));
	}
}

/* Called once, while the kernel's text may still be written. */
void
features_detect(void)
{
	struct cpuid one = cpuid(1, 0);
	struct cpuid seven = {0};
	struct cpuid area = {0};

	if (cpuid(0, 0).a >= 7)
		seven = cpuid(7, 0);
	features.nx = bit(cpuid(0x80000001, 0).d, 20);
	features.pge = bit(one.d, 13);
	features.smep = bit(seven.b, 7);
	features.smap = bit(seven.b, 20);
	features.umip = bit(seven.c, 2);
	features.rdrand = bit(one.c, 30);
	features.xsave = bit(one.c, 26) && cpuid(0, 0).a >= 13;
	if (features.xsave)
		area = cpuid(13, 1);
	features.xsaveopt = features.xsave && bit(area.a, 0);
	features.avx =
		features.xsave && bit(one.c, 28) && bit(cpuid(13, 0).a, 2);
	if (features.smap)
		patch_smap();
}

void
features_enable(void)
{
	uint64_t cr4 = CR4_PAE | CR4_DE | CR4_MCE | CR4_OSFXSR | CR4_OSXMMEXCPT;

	cr4 |= features.pge ? CR4_PGE : 0;
	cr4 |= features.smep ? CR4_SMEP : 0;
	cr4 |= features.smap ? CR4_SMAP : 0;
	cr4 |= features.umip ? CR4_UMIP : 0;
	cr4 |= features.xsave ? CR4_OSXSAVE : 0;
	cr4_write(cr4);
	cr0_write((cr0_read() & ~(uint64_t)(CR0_EM | CR0_TS)) | CR0_MP |
		  CR0_NE | CR0_WP | CR0_AM);
	if (features.xsave) {
		uint32_t parts = fpu_parts();

		__asm__ volatile("xsetbv" ::"c"(0), "a"(parts), "d"(0));
	}
}

/* From the processor; false: it has none, or has run dry. */
bool
arch_random(uint64_t *value)
{
	if (!features.rdrand)
		return false;
	for (unsigned tries = 0; tries < 16; tries++) {
		bool good;

		__asm__ volatile("rdrand %0" : "=r"(*value), "=@ccc"(good));
		if (good)
			return true;
	}
	return false;
}

/*
 * The state of the x87, SSE and AVX registers in memory: XSAVE's area where
 * there is XSAVE, else FXSAVE's. user.c decides when; an area is 64-byte
 * aligned and belongs to one thread.
 */
#include "local.h"

#define FCW_AT                                                                 \
	0 /* of the control words in both areas, and their values at reset */
#define FCW_CLEAN	   0x37f
#define MXCSR_AT	   24
#define MXCSR_CLEAN	   0x1f80
#define MXCSR_MASK_AT	   28
#define MXCSR_MASK_DEFAULT 0xffbfu /* where the processor gives none */
#define FXSAVE_SIZE	   512

/* The header behind the old area: which parts are there, and zeroes. */
#define HEADER_AT    512
#define HEADER_WORDS 8

static size_t area_size = FXSAVE_SIZE;
static uint32_t mxcsr_mask;

static uint32_t
fpu_mxcsr_mask(void)
{
	static char area[FXSAVE_SIZE] __attribute__((aligned(16)));
	uint32_t mask;

	__asm__ volatile("fxsave64 (%0)" ::"r"(area) : "memory");
	__builtin_memcpy(&mask, area + MXCSR_MASK_AT, sizeof(mask));
	return mask ? mask : MXCSR_MASK_DEFAULT;
}

void
fpu_init(void)
{
	if (features.xsave)
		area_size = cpuid(13, 0).b;
	area_size = (area_size + 63) & ~(size_t)63;
	mxcsr_mask = fpu_mxcsr_mask();
}

uint32_t
fpu_mxcsr_bits(void)
{
	return mxcsr_mask;
}

uint32_t
fpu_parts(void)
{
	if (!features.xsave)
		return 0;
	return features.avx ? 7 : 3;
}

size_t
arch_fpu_size(void)
{
	return area_size;
}

void
fpu_clean(void *area)
{
	const uint16_t fcw = FCW_CLEAN;
	const uint32_t mxcsr = MXCSR_CLEAN;

	__builtin_memset(area, 0, area_size);
	__builtin_memcpy((char *)area + FCW_AT, &fcw, sizeof(fcw));
	__builtin_memcpy((char *)area + MXCSR_AT, &mxcsr, sizeof(mxcsr));
}

/* What XRSTOR and FXRSTOR would fault on: reserved bits of MXCSR, parts that
 * are not enabled, a header that is not XSAVE's own form. */
bool
fpu_check(const void *area)
{
	uint64_t header[HEADER_WORDS];
	uint64_t rest = 0;
	uint32_t mxcsr;

	__builtin_memcpy(&mxcsr, (const char *)area + MXCSR_AT, sizeof(mxcsr));
	if (mxcsr & ~mxcsr_mask)
		return false;
	if (!features.xsave)
		return true;
	__builtin_memcpy(header, (const char *)area + HEADER_AT,
			 sizeof(header));
	for (unsigned i = 1; i < HEADER_WORDS; i++)
		rest |= header[i];
	return !rest && !(header[0] & ~(uint64_t)fpu_parts());
}

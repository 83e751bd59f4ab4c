/*
 * The state of the x87, SSE and AVX registers in memory: XSAVE's area where
 * there is XSAVE, else FXSAVE's. user.c decides when; an area is 64-byte
 * aligned and belongs to one thread.
 */
#include "local.h"

#define FCW_AT                                                                 \
	0 /* of the control words in both areas, and their values at reset */
#define FCW_CLEAN   0x37f
#define MXCSR_AT    24
#define MXCSR_CLEAN 0x1f80
#define FXSAVE_SIZE 512

static size_t area_size = FXSAVE_SIZE;

void
fpu_init(void)
{
	if (features.xsave)
		area_size = cpuid(13, 0).b;
	area_size = (area_size + 63) & ~(size_t)63;
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

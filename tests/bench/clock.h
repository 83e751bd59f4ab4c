/*
 * The clock of what is measured here: the time stamp counter, which counts
 * guest instructions when run with --icount.
 */
#pragma once

#include <stdint.h>

static inline uint64_t
clock_now(void)
{
	uint32_t low, high;

	__asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
	return (uint64_t)high << 32 | low;
}

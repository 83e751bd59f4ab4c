/* Random bytes for keys and for programs: getrandom, rand:, a new image. */
#pragma once

#include <stddef.h>
#include <stdint.h>

void rand_bytes(void *to, size_t n); /* sleeps nowhere, cannot fail */
/* Makes everything that follows depend on seed alone: for runs that are to
 * repeat. */
void rand_seed(uint64_t seed);

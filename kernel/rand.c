/*
 * The random generator: ChaCha20 under one key, which each request replaces
 * with the first half of its own output, so that what was given out cannot be
 * worked out from what is in memory later.
 *
 * Called by getrandom, rand: and exec.  Until the first request nothing is set
 * up; then the key comes from the processor's generator and the clocks.
 */
#include "rand.h"

#include <stdbool.h>
#include "arch/x86_64/arch.h"
#include "lock.h"
#include "text.h"

#define ROUNDS	    20
#define KEY_WORDS   8
#define BLOCK_WORDS 16
#define BLOCK_SIZE  (BLOCK_WORDS * sizeof(uint32_t))

static struct spinlock lock = SPINLOCK_INIT(RANK_RANDOM);
/* RANDOM lock must be held when using these: */
static uint32_t key[KEY_WORDS];
static bool seeded;

static uint32_t
rotate(uint32_t x, unsigned n)
{
	return x << n | x >> (32 - n);
}

static void
quarter(uint32_t s[BLOCK_WORDS], unsigned a, unsigned b, unsigned c, unsigned d)
{
	s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 16);
	s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 12);
	s[a] += s[b], s[d] = rotate(s[d] ^ s[a], 8);
	s[c] += s[d], s[b] = rotate(s[b] ^ s[c], 7);
}

/* Block number `counter` of the stream under the key. */
static void
block(const uint32_t k[KEY_WORDS], uint64_t counter, uint32_t out[BLOCK_WORDS])
{
	uint32_t start[BLOCK_WORDS] = {0x61707865, 0x3320646e, 0x79622d32,
				       0x6b206574};

	memcpy(start + 4, k, KEY_WORDS * sizeof *k);
	start[12] = (uint32_t)counter;
	start[13] = (uint32_t)(counter >> 32);
	memcpy(out, start, BLOCK_SIZE);
	for (unsigned round = 0; round < ROUNDS; round += 2) {
		for (unsigned i = 0; i < 4; i++)
			quarter(out, i, 4 + i, 8 + i, 12 + i);
		for (unsigned i = 0; i < 4; i++)
			quarter(out, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4,
				12 + (i + 3) % 4);
	}
	for (unsigned i = 0; i < BLOCK_WORDS; i++)
		out[i] += start[i];
}

static void
set_seed(const uint64_t words[KEY_WORDS / 2])
{
	uint32_t out[BLOCK_WORDS];

	memcpy(key, words, sizeof key);
	block(key, 0, out);
	memcpy(key, out, sizeof key);
	seeded = true;
}

static void
seed_from_machine(void)
{
	uint64_t words[KEY_WORDS / 2];

	for (unsigned i = 0; i < KEY_WORDS / 2; i++) {
		if (!arch_random(&words[i]))
			words[i] = 0;
		words[i] ^= arch_time_ns() << 32 ^ arch_wall_ns();
	}
	set_seed(words);
}

/* Half a block for one request; the other half takes the key's place. */
static void
take_half(uint32_t half[KEY_WORDS])
{
	uint32_t out[BLOCK_WORDS];

	spin_lock(&lock);
	if (!seeded)
		seed_from_machine();
	block(key, 0, out);
	memcpy(key, out, sizeof key);
	spin_unlock(&lock);
	memcpy(half, out + KEY_WORDS, KEY_WORDS * sizeof *half);
}

/* Clears what nobody reads again, so that the compiler does not leave it out.
 */
static void
forget(void *p, size_t n)
{
	volatile unsigned char *byte = p;

	while (n-- > 0)
		*byte++ = 0;
}

/* A small request is given its half block, a larger one what that is the key
 * of. */
void
rand_bytes(void *to, size_t n)
{
	uint32_t mine[KEY_WORDS], out[BLOCK_WORDS];
	unsigned char *next = to;

	take_half(mine);
	if (n <= sizeof mine) {
		memcpy(to, mine, n);
		n = 0;
	}
	for (uint64_t counter = 0; n > 0; counter++) {
		size_t part = n < BLOCK_SIZE ? n : BLOCK_SIZE;

		block(mine, counter, out);
		memcpy(next, out, part);
		next += part;
		n -= part;
	}
	forget(mine, sizeof mine);
	forget(out, sizeof out);
}

void
rand_seed(uint64_t seed)
{
	const uint64_t words[KEY_WORDS / 2] = {seed};

	spin_lock(&lock);
	set_seed(words);
	spin_unlock(&lock);
}

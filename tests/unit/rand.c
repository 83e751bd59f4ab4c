/*
 * The random generator: ChaCha20 as it is published, and keys that are used
 * once.
 */
#include "file_fake.h"
#include "kernel/rand.c" /* with our locks */

static bool machine_has_one;

bool
arch_random(uint64_t *value)
{
	*value = 0x0123456789abcdef;
	return machine_has_one;
}

TEST(rand_makes_the_published_stream)
{
	static const unsigned char expected[] = {
		0x76, 0xb8, 0xe0, 0xad, 0xa0, 0xf1, 0x3d, 0x90,
		0x40, 0x5d, 0x6a, 0xe5, 0x53, 0x86, 0xbd, 0x28};
	const uint32_t zero[KEY_WORDS] = {0};
	uint32_t out[BLOCK_WORDS];

	block(zero, 0, out);
	CHECK_EQ(memcmp(out, expected, sizeof expected), 0);
}

TEST(rand_repeats_after_the_same_seed_only)
{
	char a[200], b[200];

	rand_seed(1);
	rand_bytes(a, sizeof a);
	rand_bytes(b, sizeof b);
	CHECK(memcmp(a, b, sizeof a) != 0);
	rand_seed(1);
	rand_bytes(b, sizeof b);
	CHECK_EQ(memcmp(a, b, sizeof a), 0);
	rand_seed(2);
	rand_bytes(b, sizeof b);
	CHECK(memcmp(a, b, sizeof a) != 0);
}

TEST(rand_fills_exactly_what_is_asked_for)
{
	unsigned char bytes[300];

	for (size_t n = 0; n < 200; n++) {
		memset(bytes, 0, sizeof bytes);
		rand_bytes(bytes, n);
		for (size_t i = n; i < sizeof bytes; i++)
			CHECK_EQ(bytes[i], 0);
	}
}

TEST(rand_without_a_processors_generator_still_differs)
{
	char a[32], b[32];

	rand_bytes(a, sizeof a);
	rand_bytes(b, sizeof b);
	CHECK(memcmp(a, b, sizeof a) != 0);
}

/* Clocks, sleep, and random bytes. */
#include <sys/random.h>
#include "boot/children.h"

TEST(clock_never_goes_back)
{
	int64_t last = clock_ns(CLOCK_MONOTONIC);

	for (int i = 0; i < 20000; i++) {
		int64_t now = clock_ns(CLOCK_MONOTONIC);

		CHECK(now >= last);
		last = now;
	}
}

TEST(both_clocks_run_at_the_same_rate_and_the_real_one_knows_the_year)
{
	/* each look at the one lies between two looks at the other */
	int64_t outer = clock_ns(CLOCK_MONOTONIC);
	int64_t real = clock_ns(CLOCK_REALTIME), went;
	int64_t inner = clock_ns(CLOCK_MONOTONIC);

	CHECK(real / 1000000000 > 1700000000);
	pause_ms(50);
	inner = clock_ns(CLOCK_MONOTONIC) - inner;
	went = clock_ns(CLOCK_REALTIME) - real;
	outer = clock_ns(CLOCK_MONOTONIC) - outer;
	CHECK(inner <= went && went <= outer);
}

TEST(clocks_that_do_not_exist_are_EINVAL)
{
	struct timespec time;

	CHECK_ERRNO(clock_gettime((clockid_t)77, &time), EINVAL);
	CHECK_ERRNO(clock_gettime((clockid_t)-1, &time), EINVAL);
}

TEST(sleep_lasts_at_least_as_long_as_asked)
{
	static const long lengths[] = {1, 1000, 999999, 10000000, 100000000};

	for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
		struct timespec time = {0, lengths[i]}, left = {7, 7};
		int64_t start = clock_ns(CLOCK_MONOTONIC);

		CHECK_EQ(nanosleep(&time, &left), 0);
		CHECK(clock_ns(CLOCK_MONOTONIC) - start >= lengths[i]);
		CHECK_EQ(left.tv_sec, 7);
	}
}

TEST(sleep_of_no_length_is_no_sleep)
{
	struct timespec time = {0, 0};

	for (int i = 0; i < 100; i++)
		CHECK_EQ(nanosleep(&time, NULL), 0);
}

TEST(sleep_of_a_wrong_length_is_EINVAL)
{
	struct timespec too_many = {0, 1000000000}, negative = {-1, 0};
	struct timespec before = {0, -1};

	CHECK_ERRNO(nanosleep(&too_many, NULL), EINVAL);
	CHECK_ERRNO(nanosleep(&negative, NULL), EINVAL);
	CHECK_ERRNO(nanosleep(&before, NULL), EINVAL);
}

static void
sleep_longest(void)
{
	struct timespec time = {INT64_MAX, 999999999};

	nanosleep(&time, NULL);
}

TEST(sleep_of_the_greatest_length_does_not_end)
{
	pid_t pid = child_start(sleep_longest);

	pause_ms(20);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	child_kill(pid);
}

TEST(random_bytes_are_different_each_time)
{
	unsigned char a[32], b[32], none[32] = {0};

	CHECK_EQ(getrandom(a, sizeof a, 0), sizeof a);
	CHECK_EQ(getrandom(b, sizeof b, 0), sizeof b);
	CHECK(memcmp(a, b, sizeof a) != 0);
	CHECK(memcmp(a, none, sizeof a) != 0);
	CHECK_EQ(getrandom(a, 0, 0), 0);
}

TEST(random_bytes_fill_what_was_asked_for_and_no_more)
{
	unsigned char bytes[4096];
	int seen[256] = {0}, values = 0;

	memset(bytes, 0, sizeof bytes);
	CHECK_EQ(getrandom(bytes, sizeof bytes - 8, 0), sizeof bytes - 8);
	for (size_t i = sizeof bytes - 8; i < sizeof bytes; i++)
		CHECK_EQ(bytes[i], 0);
	for (size_t i = 0; i < sizeof bytes - 8; i++)
		values += seen[bytes[i]]++ == 0;
	CHECK(values > 240);
}

TEST(random_bytes_with_unknown_flags_are_EINVAL)
{
	char c;

	CHECK_ERRNO(getrandom(&c, 1, 8), EINVAL);
	CHECK_ERRNO(getrandom(&c, 1, 6), EINVAL);
}

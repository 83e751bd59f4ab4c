/*
 * Tests in C, on the host (tests/unit) and in the guest (tests/boot/GROUP).
 *
 *	TEST(sentence_with_underscores)
 *	{
 *		CHECK(expression);
 *		CHECK_EQ(actual, expected);
 *	}
 *
 * Each TEST is a test of ctest's, found when the build is configured by the
 * line that begins with `TEST(`, and runs in a process of its own.  A check
 * that does not hold says so and ends that process with status 1; in a child
 * that the test forked it ends the child, so look at its status.  A time limit
 * of other than 20 seconds is a line TEST_SECONDS(n) in the file, for all its
 * tests.
 */
#pragma once

#include <stdlib.h>
#include <string.h>

struct test_case {
	const char *name;
	void (*run)(void);
};

#define TEST(sentence)                                                         \
	static void sentence(void);                                            \
	static const struct test_case test_case_##sentence = {#sentence,       \
							      sentence};       \
	static const struct test_case *const test_entry_##sentence             \
		__attribute__((section("test_cases"), used)) =                 \
			&test_case_##sentence;                                 \
	static void sentence(void)

#define TEST_SECONDS(n) _Static_assert((n) > 0, "a time limit in seconds")

#define CHECK(expression)                                                      \
	do {                                                                   \
		if (!(expression))                                             \
			test_fail(__FILE__, __LINE__, "%s", #expression);      \
	} while (0)

/* Integers. */
#define CHECK_EQ(actual, expected)                                             \
	do {                                                                   \
		long long test_a = (long long)(actual);                        \
		long long test_e = (long long)(expected);                      \
		if (test_a != test_e)                                          \
			test_fail(__FILE__, __LINE__,                          \
				  "%s is %lld (0x%llx), not %s = %lld",        \
				  #actual, test_a, (unsigned long long)test_a, \
				  #expected, test_e);                          \
	} while (0)

/* Strings. */
#define CHECK_STR(actual, expected)                                            \
	do {                                                                   \
		const char *test_a = (actual), *test_e = (expected);           \
		if (strcmp(test_a, test_e) != 0)                               \
			test_fail(__FILE__, __LINE__,                          \
				  "%s is \"%s\", not \"%s\"", #actual, test_a, \
				  test_e);                                     \
	} while (0)

/* A call that fails: -1, and this errno. */
#define CHECK_ERRNO(call, number)                                              \
	do {                                                                   \
		long long test_a = (long long)(call);                          \
		if (test_a != -1)                                              \
			test_fail(__FILE__, __LINE__,                          \
				  "%s gave %lld, not an error", #call,         \
				  test_a);                                     \
		test_check_errno(__FILE__, __LINE__, #call, (number));         \
	} while (0)

/* Says what is wrong on stderr and ends this process with status 1. */
_Noreturn void test_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

void test_check_errno(const char *file, int line, const char *call, int number);

/* The size of a test: small in every run, full under `proctor soak`. */
long test_size(long reduced, long full);

/* execve, by what the new program is given: words, descriptors, ids. */
#include "boot/children.h"

#define HELPER "/test/boot/exec_helper"
#define LIMIT  (256u * 1024)

static char *none[] = {NULL};

/* Words that count `total` bytes: strings, their NULs, 8 a pointer. */
static char **
words_of(size_t total)
{
	static char *argv[3];
	size_t length = total - 2 * sizeof(char *) - sizeof "x" - 1;

	argv[0] = strdup("x");
	argv[1] = malloc(length + 1);
	CHECK(argv[0] != NULL && argv[1] != NULL);
	memset(argv[1], 'w', length);
	argv[1][length] = '\0';
	return argv;
}

TEST(words_and_environment_arrive_as_given)
{
	char *argv[] = {(char[]){"zero"}, (char[]){"words"}, (char[]){""},
			(char[]){"a b"},  (char[]){"four"},  NULL};
	char *env[] = {(char[]){"A=b"}, (char[]){"C="}, NULL};

	CHECK_EQ(program_end(HELPER, argv, env), 42);
}

TEST(program_without_words_gets_an_empty_first_one)
{
	CHECK_EQ(program_end(HELPER, none, none), 43);
}

TEST(words_of_256_KiB_fit_and_one_byte_more_is_E2BIG)
{
	CHECK_EQ(program_end(HELPER, words_of(LIMIT), none), 44);
	CHECK_ERRNO(execve(HELPER, words_of(LIMIT + 1), none), E2BIG);
	CHECK_ERRNO(execve(HELPER, words_of(4 * LIMIT), none), E2BIG);
}

TEST(words_and_environment_count_together)
{
	char **half = words_of(LIMIT / 2);

	CHECK_EQ(program_end(HELPER, half, half), 44);
	CHECK_ERRNO(execve(HELPER, half, words_of(LIMIT / 2 + 1)), E2BIG);
}

TEST(pointers_count_as_well_as_bytes)
{
	static char *many[LIMIT / 9 + 2];
	size_t i;

	for (i = 0; i < LIMIT / 9; i++)
		many[i] = (char[]){""};
	CHECK_EQ(program_end(HELPER, many, none), 44);
	many[i] = many[0];
	CHECK_ERRNO(execve(HELPER, many, none), E2BIG);
}

TEST(words_that_never_end_are_E2BIG_or_EFAULT)
{
	size_t size = 4u * LIMIT;
	char **words = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char **page = (char **)(void *)lone_page();

	CHECK(words != MAP_FAILED);
	for (size_t i = 0; i < size / sizeof *words; i++)
		words[i] = (char[]){"w"};
	CHECK_ERRNO(execve(HELPER, words, none), E2BIG);
	for (size_t i = 0; i < 4096 / sizeof *page; i++)
		page[i] = words[0];
	CHECK_ERRNO(execve(HELPER, page, none), EFAULT);
	CHECK_ERRNO(execve(HELPER, none, page), EFAULT);
}

TEST(words_that_are_not_the_programs_are_EFAULT)
{
	char *argv[] = {(char[]){"x"}, (char *)(uintptr_t)8, NULL};
	char *page = lone_page();

	CHECK_ERRNO(execve(HELPER, argv, none), EFAULT);
	CHECK_ERRNO(execve(HELPER, none, argv), EFAULT);
	memset(page, 'x', 4096);
	argv[1] = page + 4000;
	CHECK_ERRNO(execve(HELPER, argv, none), EFAULT);
	CHECK_ERRNO(execve(page + 4000, none, none), EFAULT);
}

TEST(descriptors_that_close_on_exec_are_closed_and_no_others)
{
	char *argv[] = {(char[]){"x"}, (char[]){"descriptors"}, NULL};
	int fd = open("null:", O_RDWR);

	CHECK_EQ(dup3(fd, 50, O_CLOEXEC), 50);
	CHECK_EQ(dup2(fd, 51), 51);
	CHECK_EQ(program_end(HELPER, argv, none), 42);
	CHECK_EQ(fcntl(50, F_GETFD), FD_CLOEXEC);
}

TEST(ids_and_directory_outlive_execve)
{
	char *argv[] = {(char[]){"x"}, (char[]){"ids"}, NULL};

	CHECK_EQ(chdir("/test"), 0);
	CHECK_EQ(setgid(8), 0);
	CHECK_EQ(setuid(7), 0);
	CHECK_EQ(program_end("boot/exec_helper", argv, none), 42);
}

TEST(execve_that_fails_leaves_everything_as_it_was)
{
	int fd = open("null:", O_RDWR | O_CLOEXEC);
	int local = 5;

	CHECK_ERRNO(execve("/tmp", none, none), EACCES);
	CHECK_ERRNO(execve(HELPER, words_of(LIMIT + 1), none), E2BIG);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(local, 5);
}

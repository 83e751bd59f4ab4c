/*
 * stdio when there is no memory: it says so, or does without.
 */
#include "boot/children.h"

/* A mapping right above the break, so that malloc gets no more; then what it
 * has left is taken. */
static void
use_all_memory(void)
{
	uintptr_t end = ((uintptr_t)sbrk(0) + 4095) & ~(uintptr_t)4095;
	void *wall = mmap((void *)end, 4096, PROT_NONE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);

	if (wall != (void *)end)
		_exit(9);
	for (size_t size = 1 << 20; size > 0; size /= 2)
		while (malloc(size) != NULL)
			continue;
}

/* The first use of stdio, all of it without memory. */
static int
uses_stdio(void)
{
	use_all_memory();
	errno = 0;
	if (fopen("/tmp/x", "w") != NULL || errno != ENOMEM)
		return 1;
	if (printf("%d %s\n", 42, "lines") != 9 || fflush(stdout) != 0)
		return 2;
	return fprintf(stderr, "to %s\n", "stderr") == 10 ? 0 : 3;
}

TEST(stdio_without_memory_goes_on_or_is_ENOMEM)
{
	char text[64];
	size_t used = 0;
	ssize_t n;
	int out[2];
	pid_t child;

	CHECK_EQ(pipe(out), 0);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		dup2(out[1], 1);
		dup2(out[1], 2);
		_exit(uses_stdio());
	}
	close(out[1]);
	while ((n = read(out[0], text + used, sizeof text - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	CHECK_EQ(child_end(child), 0);
	CHECK_STR(text, "42 lines\nto stderr\n");
}

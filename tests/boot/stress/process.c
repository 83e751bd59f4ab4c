/* Crowds of processes: made, stopped and killed faster than they can be
 * counted.
 */
#include <sched.h>
#include "boot/children.h"

TEST_SECONDS(600);

#define CROWD 4721

/* Every child forks as well, without end. */
static void
fork_for_ever(void)
{
	for (;;)
		if (fork() < 0)
			pause_ms(1);
}

/* Pages that a child shares are copied while there is memory for it: later,
 * writing to one would be the tester's end. */
static void
own_all_pages(void)
{
	volatile char deep[32768];
	uintptr_t start, end;
	char text[4096], *line, *rest;
	int fd = open("proc:/self/maps", O_RDONLY);
	ssize_t n = read(fd, text, sizeof text - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(fd);
	for (size_t i = 0; i < sizeof deep; i += 4096)
		deep[i] = 0;
	for (line = text; (line = strchr(line, '\n')) != NULL && *++line;) {
		start = strtoul(line, &rest, 16);
		end = strtoul(rest + 1, &rest, 16);
		if (strncmp(rest, " rw-p", 5) != 0)
			continue;
		if (start < (uintptr_t)deep && (uintptr_t)deep < end)
			start = (uintptr_t)deep & ~(uintptr_t)4095;
		for (; start < end; start += 4096)
			(*(volatile char *)start) |= 0;
	}
}

/* The tester is of the crowd, as it takes what is left of memory to make
 * another process: all the others of this user are killed, until there is none.
 */
TEST(tree_of_processes_that_all_fork_is_killed)
{
	CHECK_EQ(setuid(CROWD), 0);
	for (long i = test_size(2, 50); i > 0; i--) {
		pid_t root = child_start(fork_for_ever);

		own_all_pages();
		pause_ms(300);
		while (kill(-1, SIGKILL) == 0)
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
		while (waitpid(-1, NULL, 0) > 0)
			;
		CHECK_ERRNO(kill(root, 0), ESRCH);
	}
}

static void
nothing(void)
{
}

TEST(many_zombies_are_all_reaped)
{
	long n = test_size(500, 5000), made = 0;

	for (; made < n; made++) {
		pid_t pid = fork();

		if (pid == 0)
			_exit(0);
		if (pid < 0)
			break;
	}
	CHECK(made > 100);
	for (; made > 0; made--)
		CHECK(waitpid(-1, NULL, 0) > 0);
	CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
	CHECK_EQ(in_child(nothing), 0);
}

static void
leave_orphans(void)
{
	for (int i = 0; i < 20; i++)
		child_start(nothing);
}

TEST(many_orphans_are_all_reaped)
{
	for (long i = test_size(20, 1000); i > 0; i--)
		CHECK_EQ(in_child(leave_orphans), 0);
}

/* Memory that comes back: as many forks as before, each time. */
static long
fork_until_it_fails(void)
{
	long children = 0;
	pid_t pid;

	while ((pid = fork()) > 0)
		children++;
	if (pid == 0)
		sleep_for_ever();
	CHECK_EQ(kill(-1, SIGKILL), 0);
	for (long i = 0; i < children; i++)
		CHECK(waitpid(-1, NULL, 0) > 0);
	return children;
}

static void
fork_again_and_again(void)
{
	long first;

	CHECK_EQ(setuid(CROWD), 0);
	first = fork_until_it_fails();
	for (long i = test_size(3, 20); i > 0; i--) {
		long again = fork_until_it_fails();

		CHECK(again > first - first / 10);
	}
}

TEST(memory_of_processes_comes_back)
{
	CHECK_EQ(in_child(fork_again_and_again), 0);
}

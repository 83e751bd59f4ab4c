/* wait4: which child, which news, and what is told of it. */
#include <sys/resource.h>
#include "boot/signals.h"

static void
end_with_3(void)
{
	_exit(3);
}

static void
end_with_511(void)
{
	_exit(511);
}

TEST(wait_without_children_is_ECHILD)
{
	int status;
	pid_t pid;

	CHECK_ERRNO(wait4(-1, &status, 0, NULL), ECHILD);
	CHECK_ERRNO(wait4(0, &status, 0, NULL), ECHILD);
	CHECK_ERRNO(wait4(getpid(), &status, 0, NULL), ECHILD);
	CHECK_ERRNO(wait4(1, &status, WNOHANG, NULL), ECHILD);
	CHECK_ERRNO(wait4(-77, &status, 0, NULL), ECHILD);
	pid = child_start(end_with_3);
	CHECK_EQ(wait4(pid, &status, 0, NULL), pid);
	CHECK_EQ(status, 3 << 8);
	CHECK_ERRNO(wait4(pid, &status, 0, NULL), ECHILD);
}

TEST(wait_with_unknown_options_is_EINVAL)
{
	CHECK_ERRNO(wait4(-1, NULL, 4, NULL), EINVAL);
	CHECK_ERRNO(wait4(-1, NULL, -1, NULL), EINVAL);
}

TEST(exit_status_is_the_low_eight_bits)
{
	CHECK_EQ(in_child(end_with_511), 255);
}

TEST(wait_for_one_leaves_the_others)
{
	pid_t first = child_start(end_with_3), second = child_start(end_with_3);
	pid_t third = child_start(end_with_3);

	CHECK_EQ(child_end(second), 3);
	CHECK_EQ(child_end(first), 3);
	CHECK_EQ(waitpid(0, NULL, 0), third);
	CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
}

TEST(wait_with_WNOHANG_does_not_wait)
{
	pid_t pid = child_start(sleep_for_ever);

	CHECK_EQ(waitpid(-1, NULL, WNOHANG), 0);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	child_kill(pid);
	CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
}

static void
burn(void)
{
	int64_t end = clock_ns(CLOCK_MONOTONIC) + 50000000;

	while (clock_ns(CLOCK_MONOTONIC) < end)
		;
}

/* In the program and in the kernel. */
static int64_t
microseconds(const struct rusage *usage)
{
	return (usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) * 1000000 +
	       usage->ru_utime.tv_usec + usage->ru_stime.tv_usec;
}

TEST(usage_of_a_child_is_told)
{
	int64_t start = clock_ns(CLOCK_MONOTONIC);
	struct rusage usage;
	pid_t pid = child_start(burn);

	memset(&usage, 0x55, sizeof usage);
	CHECK_EQ(wait4(pid, NULL, 0, &usage), pid);
	CHECK(microseconds(&usage) > 1000);
	CHECK(microseconds(&usage) <=
	      (clock_ns(CLOCK_MONOTONIC) - start) / 1000);
}

TEST(wait_into_bad_memory_is_EFAULT)
{
	void *bad = (void *)(uintptr_t)8;
	pid_t pid = child_start(end_with_3);

	CHECK_ERRNO(wait4(pid, bad, 0, NULL), EFAULT);
	pid = child_start(end_with_3);
	CHECK_ERRNO(wait4(pid, NULL, 0, bad), EFAULT);
}

/* Waits for a child that does not end. */
static void
wait_for_a_sleeper(void)
{
	child_start(sleep_for_ever);
	waitpid(-1, NULL, 0);
}

TEST(wait_is_ended_by_a_signal_that_kills)
{
	pid_t waiter;

	CHECK_EQ(setuid(4712), 0);
	waiter = child_start(wait_for_a_sleeper);
	wait_asleep(waiter);
	CHECK_EQ(kill(waiter, SIGTERM), 0);
	CHECK_EQ(child_end(waiter), 128 + SIGTERM);
	/* The sleeper is an orphan now, and the only other of this user. */
	CHECK_EQ(kill(-1, SIGKILL), 0);
	CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
}

/* The orphan tells its parent's number after its parent has ended. */
TEST(orphans_get_a_new_parent_that_reaps_them)
{
	int ends[2];
	pid_t told[2], middle;
	int tries;

	CHECK_EQ(pipe(ends), 0);
	middle = fork();
	CHECK(middle >= 0);
	if (middle == 0) {
		pid_t parent = getpid();

		if (fork() > 0)
			_exit(11);
		while (getppid() == parent)
			pause_ms(1);
		told[0] = getpid();
		told[1] = getppid();
		CHECK_EQ(write(ends[1], told, sizeof told), sizeof told);
		_exit(20);
	}
	CHECK_EQ(child_end(middle), 11);
	CHECK_EQ(read(ends[0], told, sizeof told), sizeof told);
	CHECK_EQ(told[1], 1);
	CHECK_ERRNO(waitpid(told[0], NULL, 0), ECHILD);
	for (tries = 0; tries < 1000 && kill(told[0], 0) == 0; tries++)
		pause_ms(1);
	CHECK_ERRNO(kill(told[0], 0), ESRCH);
}

TEST(zombies_are_there_until_they_are_waited_for)
{
	char path[64], text[256];
	pid_t pid = child_start(end_with_3);
	int fd, tries;

	snprintf(path, sizeof path, "proc:/%d/status", (int)pid);
	for (tries = 0; tries < 1000; tries++) {
		memset(text, 0, sizeof text);
		fd = open(path, O_RDONLY);
		CHECK(fd >= 0);
		CHECK(read(fd, text, sizeof text - 1) > 0);
		close(fd);
		if (strstr(text, "zombie") != NULL)
			break;
		pause_ms(1);
	}
	CHECK(tries < 1000);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(child_end(pid), 3);
	CHECK_ERRNO(kill(pid, 0), ESRCH);
}

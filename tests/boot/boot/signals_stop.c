/* Stopped and continued: SIGSTOP, SIGTSTP, SIGCONT, and wait4's news of it. */
#include "boot/children.h"

static volatile long *turns;

static void
count_turns(void)
{
	for (;;)
		++*turns;
}

static pid_t
start_counting(void)
{
	pid_t pid;

	turns = shared_memory(4096);
	pid = child_start(count_turns);
	while (*turns == 0)
		pause_ms(1);
	return pid;
}

static void
check_stopped(pid_t pid, int sig)
{
	int status;

	CHECK_EQ(kill(pid, sig), 0);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(WSTOPSIG(status), sig);
}

static void
check_stands_still(void)
{
	long before = *turns;

	pause_ms(20);
	CHECK_EQ(*turns, before);
}

static void
check_goes_on(void)
{
	long before = *turns;

	while (*turns == before)
		pause_ms(1);
}

static void
check_continued(pid_t pid)
{
	int status;

	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(waitpid(pid, &status, WCONTINUED), pid);
	CHECK(WIFCONTINUED(status));
}

TEST(stopped_process_stands_still_until_it_is_continued)
{
	static const int signals[] = {SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU};
	pid_t pid = start_counting();

	for (int i = 0; i < 4; i++) {
		check_stopped(pid, signals[i]);
		check_stands_still();
		check_continued(pid);
		check_goes_on();
	}
	child_kill(pid);
}

TEST(news_of_a_stop_are_told_once_and_only_if_asked_for)
{
	pid_t pid = start_counting();
	int status;

	check_stopped(pid, SIGSTOP);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED | WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGSTOP), 0);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED | WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
	CHECK_EQ(waitpid(pid, &status, WNOHANG | WCONTINUED), pid);
	CHECK_EQ(waitpid(pid, &status, WNOHANG | WCONTINUED), 0);
	child_kill(pid);
}

TEST(stopped_process_is_killed_at_once_by_SIGKILL)
{
	pid_t pid = start_counting();

	check_stopped(pid, SIGSTOP);
	child_kill(pid);
}

TEST(stopped_process_ends_of_other_signals_when_continued)
{
	pid_t pid = start_counting();

	check_stopped(pid, SIGSTOP);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	pause_ms(10);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(child_end(pid), 128 + SIGTERM);
}

TEST(sleeper_that_is_stopped_sleeps_on)
{
	pid_t pid = child_start(sleep_for_ever);
	int status;

	CHECK_EQ(kill(pid, SIGSTOP), 0);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK_EQ(kill(pid, SIGCONT), 0);
	pause_ms(10);
	CHECK_EQ(waitpid(pid, &status, WNOHANG), 0);
	child_kill(pid);
}

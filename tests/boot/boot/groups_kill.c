/* Process groups: whom kill and wait mean. */
#include "boot/meet.h"

#define CROWD 1000

/* Its maker is gone, its number is not given again while it is there. */
TEST(group_outlives_the_process_that_made_it)
{
	pid_t first = child_start(sleep_for_ever);
	pid_t second = child_start(sleep_for_ever);

	CHECK_EQ(setpgid(first, first), 0);
	CHECK_EQ(setpgid(second, first), 0);
	child_kill(first);
	CHECK_EQ(getpgid(second), first);
	CHECK_EQ(kill(-first, 0), 0);
	CHECK_ERRNO(kill(first, 0), ESRCH);
	CHECK_EQ(kill(-first, SIGTERM), 0);
	CHECK_EQ(child_end(second), 128 + SIGTERM);
	CHECK_ERRNO(kill(-first, 0), ESRCH);
}

TEST(kill_reaches_all_of_a_group_and_nobody_else)
{
	pid_t apart = child_start(sleep_for_ever), pids[5];
	int i;

	for (i = 0; i < 5; i++) {
		pids[i] = child_start(sleep_for_ever);
		CHECK_EQ(setpgid(pids[i], pids[0]), 0);
	}
	CHECK_EQ(killpg(pids[0], SIGKILL), 0);
	for (i = 0; i < 5; i++)
		CHECK_EQ(waitpid(-pids[0], NULL, 0) > 0, 1);
	CHECK_ERRNO(waitpid(-pids[0], NULL, 0), ECHILD);
	CHECK_EQ(waitpid(apart, NULL, WNOHANG), 0);
	child_kill(apart);
}

static void
end_own_group(void)
{
	pid_t pid;

	CHECK_EQ(setpgid(0, 0), 0);
	pid = child_start(sleep_for_ever);
	signal(SIGTERM, SIG_IGN);
	CHECK_EQ(kill(0, SIGTERM), 0);
	CHECK_EQ(child_end(pid), 128 + SIGTERM);
}

TEST(kill_of_0_reaches_the_own_group)
{
	CHECK_EQ(in_child(end_own_group), 0);
}

TEST(kill_of_a_group_that_is_not_there_is_ESRCH)
{
	CHECK_ERRNO(kill(-4000000, SIGTERM), ESRCH);
	CHECK_ERRNO(kill(-2147483647 - 1, SIGTERM), ESRCH);
	CHECK_ERRNO(kill(-getpgrp(), 65), EINVAL);
}

static void
be_somebody_else(void)
{
	CHECK_EQ(setuid(1000), 0);
	meet();
}

TEST(kill_of_a_group_is_EPERM_only_if_nobody_may_be_reached)
{
	pid_t other, mine;

	make_pipes();
	other = child_start(be_somebody_else);
	CHECK_EQ(setpgid(other, other), 0);
	await_child();
	CHECK_EQ(setuid(1001), 0);
	CHECK_ERRNO(kill(-other, SIGTERM), EPERM);
	CHECK_EQ(kill(-other, SIGCONT), 0); /* of the same session */
	mine = child_start(sleep_for_ever);
	CHECK_EQ(setpgid(mine, other), 0);
	CHECK_EQ(kill(-other, SIGTERM), 0);
	CHECK_EQ(child_end(mine), 128 + SIGTERM);
	let_go();
	CHECK_EQ(child_end(other), 0);
}

static pid_t forking;

/* A member that makes another and ends, for ever. */
static void
join_and_fork(void)
{
	pid_t pid;

	CHECK_EQ(setpgid(0, forking), 0);
	while ((pid = fork()) <= 0)
		if (pid < 0)
			pause_ms(1);
	_exit(0);
}

TEST(kill_of_a_group_misses_no_member_that_is_being_forked)
{
	int turn, i, status;

	for (turn = 0; turn < 10; turn++) {
		pid_t pids[4];

		forking = pids[0] = child_start(sleep_for_ever);
		CHECK_EQ(setpgid(forking, forking), 0);
		for (i = 1; i < 4; i++) {
			pids[i] = child_start(join_and_fork);
			setpgid(pids[i], forking); /* it may have done so */
		}
		CHECK_EQ(kill(-pids[0], SIGKILL), 0);
		for (i = 0; i < 4; i++) {
			CHECK_EQ(waitpid(pids[i], &status, 0), pids[i]);
			CHECK(status == 0 || status == SIGKILL);
		}
		while (kill(-pids[0], 0) == 0)
			pause_ms(1);
		CHECK_EQ(errno, ESRCH);
	}
}

TEST(group_of_a_thousand_is_stopped_continued_and_killed)
{
	pid_t pid, group = 0;
	int i, status;

	for (i = 0; i < CROWD; i++) {
		pid = child_start(sleep_for_ever);
		group = group ? group : pid;
		CHECK_EQ(setpgid(pid, group), 0);
	}
	CHECK_EQ(kill(-group, SIGTSTP), 0);
	for (i = 0; i < CROWD; i++) {
		CHECK(waitpid(-group, &status, WUNTRACED) > 0);
		CHECK(WIFSTOPPED(status));
	}
	CHECK_EQ(kill(-group, SIGCONT), 0);
	for (i = 0; i < CROWD; i++) {
		CHECK(waitpid(-group, &status, WCONTINUED) > 0);
		CHECK(WIFCONTINUED(status));
	}
	CHECK_EQ(kill(-group, SIGKILL), 0);
	for (i = 0; i < CROWD; i++) {
		CHECK(waitpid(-group, &status, 0) > 0);
		CHECK(WIFSIGNALED(status));
	}
	CHECK_ERRNO(kill(-group, 0), ESRCH);
}

TEST(wait_of_0_and_of_a_group_take_no_other_child)
{
	pid_t mine = child_start(sleep_for_ever);
	pid_t other = child_start(sleep_for_ever);

	CHECK_EQ(setpgid(other, other), 0);
	CHECK_EQ(kill(mine, SIGKILL), 0);
	CHECK_ERRNO(waitpid(-4000000, NULL, WNOHANG), ECHILD);
	CHECK_EQ(waitpid(-other, NULL, WNOHANG), 0);
	CHECK_EQ(waitpid(0, NULL, 0), mine);
	CHECK_ERRNO(waitpid(0, NULL, WNOHANG), ECHILD);
	CHECK_EQ(kill(other, SIGKILL), 0);
	CHECK_EQ(waitpid(-other, NULL, 0), other);
}

static void
leave_when_told(void)
{
	meet();
	CHECK_EQ(setpgid(0, 0), 0);
	sleep_for_ever();
}

TEST(wait_of_a_group_ends_when_its_last_child_leaves_it)
{
	pid_t group = child_start(sleep_for_ever), pid;

	make_pipes();
	CHECK_EQ(setpgid(group, group), 0);
	pid = child_start(leave_when_told);
	CHECK_EQ(setpgid(pid, group), 0);
	await_child();
	child_kill(group);
	let_go();
	CHECK_ERRNO(waitpid(-group, NULL, 0), ECHILD);
	child_kill(pid);
}

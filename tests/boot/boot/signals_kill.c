/* kill: default actions, who may, and what the parent sees. */
#include "boot/children.h"

#define SIGNALS 64

/* What a signal does to one that has not said otherwise. */
static int
ignored(int sig)
{
	return sig == SIGCHLD || sig == SIGCONT || sig == SIGURG ||
	       sig == SIGWINCH;
}

static int
stops(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN ||
	       sig == SIGTTOU;
}

TEST(signals_that_kill_are_seen_by_the_parent_as_128_and_their_number)
{
	for (int sig = 1; sig <= SIGNALS; sig++) {
		pid_t pid;

		if (ignored(sig) || stops(sig))
			continue;
		pid = child_start(sleep_for_ever);
		CHECK_EQ(kill(pid, sig), 0);
		CHECK_EQ(child_end(pid), 128 + sig);
	}
}

TEST(signals_that_are_ignored_change_nothing)
{
	pid_t pid = child_start(sleep_for_ever);

	for (int sig = 1; sig <= SIGNALS; sig++)
		if (ignored(sig))
			CHECK_EQ(kill(pid, sig), 0);
	pause_ms(10);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	child_kill(pid);
}

TEST(process_that_never_calls_is_killed_as_well)
{
	pid_t pid = child_start(spin_for_ever);

	pause_ms(5);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	CHECK_EQ(child_end(pid), 128 + SIGTERM);
	child_kill(child_start(spin_for_ever));
}

static void
kill_self(void)
{
	kill(getpid(), SIGUSR1);
	_exit(5);
}

TEST(signal_to_oneself_acts_before_the_call_is_back)
{
	CHECK_EQ(in_child(kill_self), 128 + SIGUSR1);
}

TEST(kill_with_bad_arguments_is_refused)
{
	CHECK_ERRNO(kill(getpid(), SIGNALS + 1), EINVAL);
	CHECK_ERRNO(kill(getpid(), -1), EINVAL);
	CHECK_ERRNO(kill(0x7ffffff0, SIGTERM), ESRCH);
	CHECK_ERRNO(kill(0x7ffffff0, 0), ESRCH);
	CHECK_ERRNO(kill(-7, SIGTERM), ESRCH);
	CHECK_EQ(kill(getpid(), 0), 0);
}

TEST(init_outlives_every_signal)
{
	CHECK_EQ(kill(1, SIGKILL), 0);
	CHECK_EQ(kill(1, SIGTERM), 0);
	CHECK_EQ(kill(1, SIGSTOP), 0);
	CHECK_EQ(kill(1, 0), 0);
}

/* Of root's. */
static pid_t other;

static void
kill_as_a_user(void)
{
	pid_t own;

	CHECK_EQ(setuid(4713), 0);
	CHECK_ERRNO(kill(other, SIGTERM), EPERM);
	CHECK_ERRNO(kill(other, SIGKILL), EPERM);
	CHECK_ERRNO(kill(other, 0), EPERM);
	CHECK_ERRNO(kill(1, SIGTERM), EPERM);
	CHECK_ERRNO(kill(-1, SIGTERM), EPERM);
	own = child_start(sleep_for_ever);
	CHECK_EQ(kill(-1, SIGTERM), 0);
	CHECK_EQ(child_end(own), 128 + SIGTERM);
}

TEST(users_kill_only_their_own)
{
	other = child_start(sleep_for_ever);
	CHECK_EQ(in_child(kill_as_a_user), 0);
	CHECK_EQ(waitpid(other, NULL, WNOHANG), 0);
	child_kill(other);
}

TEST(root_kills_everybody)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(setuid(4714), 0);
		sleep_for_ever();
	}
	CHECK_EQ(kill(pid, SIGINT), 0);
	CHECK_EQ(child_end(pid), 128 + SIGINT);
}

TEST(ids_are_set_as_posix_has_it)
{
	CHECK_ERRNO(setuid((uid_t)-1), EINVAL);
	CHECK_ERRNO(setgid((gid_t)-1), EINVAL);
	CHECK_EQ(setgid(5), 0);
	CHECK_EQ(setuid(6), 0);
	CHECK_EQ(getuid(), 6);
	CHECK_EQ(geteuid(), 6);
	CHECK_EQ(getgid(), 5);
	CHECK_EQ(getegid(), 5);
	CHECK_ERRNO(setuid(0), EPERM);
	CHECK_ERRNO(setgid(0), EPERM);
	CHECK_EQ(setuid(6), 0);
	CHECK_EQ(setgid(5), 0);
}

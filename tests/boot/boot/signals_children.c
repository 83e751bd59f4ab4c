/*
 * SIGCHLD: when it comes, what it says, and children that nobody waits for.
 *
 * holds on Linux
 */
#include "boot/signals.h"

static void
end_with_9(void)
{
	_exit(9);
}

/* A SIGCHLD that has come or is to come. */
static siginfo_t
next_child_signal(void)
{
	sigset_t set = set_of(SIGCHLD);
	siginfo_t info;

	CHECK_EQ(sigwaitinfo(&set, &info), SIGCHLD);
	return info;
}

static void
check_child_signal(pid_t pid, int code, int status)
{
	siginfo_t info = next_child_signal();

	CHECK_EQ(info.si_pid, pid);
	CHECK_EQ(info.si_uid, getuid());
	CHECK_EQ(info.si_code, code);
	CHECK_EQ(info.si_status, status);
}

TEST(end_of_a_child_is_told_with_its_status)
{
	pid_t pid;

	block(SIGCHLD);
	pid = child_start(end_with_9);
	check_child_signal(pid, CLD_EXITED, 9);
	CHECK_EQ(child_end(pid), 9);
	pid = child_start(sleep_for_ever);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	check_child_signal(pid, CLD_KILLED, SIGTERM);
	CHECK_EQ(child_end(pid), 128 + SIGTERM);
}

TEST(stop_and_continuation_of_a_child_are_told)
{
	pid_t pid;

	block(SIGCHLD);
	pid = child_start(sleep_for_ever);
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(kill(pid, SIGSTOP), 0);
		check_child_signal(pid, CLD_STOPPED, SIGSTOP);
		CHECK_EQ(wait_status_of(pid, WUNTRACED), SIGSTOP << 8 | 0x7f);
		CHECK_EQ(kill(pid, SIGCONT), 0);
		check_child_signal(pid, CLD_CONTINUED, SIGCONT);
		CHECK_EQ(wait_status_of(pid, WCONTINUED), 0xffff);
	}
	child_kill(pid);
}

TEST(parent_with_SA_NOCLDSTOP_hears_of_the_end_only)
{
	pid_t pid;

	handle(SIGCHLD, catch, SA_NOCLDSTOP);
	block(SIGCHLD);
	pid = child_start(sleep_for_ever);
	CHECK_EQ(kill(pid, SIGSTOP), 0);
	CHECK(WIFSTOPPED(wait_status_of(pid, WUNTRACED)));
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK(WIFCONTINUED(wait_status_of(pid, WCONTINUED)));
	CHECK(!is_pending(SIGCHLD));
	child_kill(pid);
	CHECK(is_pending(SIGCHLD));
}

TEST(children_of_one_that_ignores_SIGCHLD_are_not_there_afterwards)
{
	pid_t pid;

	handle(SIGCHLD, SIG_IGN, 0);
	pid = child_start(end_with_9);
	CHECK_ERRNO(waitpid(pid, NULL, 0), ECHILD);
	CHECK_ERRNO(kill(pid, 0), ESRCH);
	for (int i = 0; i < 10; i++)
		child_start(end_with_9);
	CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
	handle(SIGCHLD, SIG_DFL, 0);
	CHECK_EQ(in_child(end_with_9), 9);
}

TEST(SA_NOCLDWAIT_is_the_same_and_the_handler_is_called)
{
	handle(SIGCHLD, catch, SA_NOCLDWAIT | SA_RESTART);
	child_start(end_with_9);
	CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
	CHECK_EQ(caught, 1);
}

static volatile int reaped;

static void
reap(int sig)
{
	int before = errno;

	(void)sig;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
	errno = before;
}

TEST(handler_that_reaps_misses_no_child)
{
	sigset_t set = set_of(SIGCHLD), old;

	handle(SIGCHLD, reap, SA_RESTART);
	for (int i = 0; i < 100; i++)
		child_start(end_with_9);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0);
	while (reaped < 100)
		CHECK_ERRNO(sigsuspend(&old), EINTR);
	CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
}

/* ---- stops and SIGCONT ---- */

static void
continue_is_caught(void)
{
	sigset_t none = set_of(0);

	block(SIGUSR1);
	handle(SIGCONT, catch, 0);
	CHECK_ERRNO(sigsuspend(&none), EINTR);
	CHECK_EQ(caught, 1);
}

TEST(SIGCONT_continues_and_its_handler_runs)
{
	pid_t pid = child_start(continue_is_caught);

	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGSTOP), 0);
	CHECK(WIFSTOPPED(wait_status_of(pid, WUNTRACED)));
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(child_end(pid), 0);
}

static void
continue_is_blocked(void)
{
	block(SIGCONT);
	sleep_for_ever();
}

static void
continue_is_ignored(void)
{
	handle(SIGCONT, SIG_IGN, 0);
	sleep_for_ever();
}

static void
check_continues(void (*body)(void))
{
	pid_t pid = child_start(body);

	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGSTOP), 0);
	CHECK(WIFSTOPPED(wait_status_of(pid, WUNTRACED)));
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK(WIFCONTINUED(wait_status_of(pid, WCONTINUED)));
	child_kill(pid);
}

TEST(SIGCONT_that_is_blocked_or_ignored_continues_as_well)
{
	check_continues(continue_is_blocked);
	check_continues(continue_is_ignored);
}

TEST(stop_takes_a_waiting_SIGCONT_back_and_SIGCONT_a_waiting_stop)
{
	block(SIGCONT);
	block(SIGTSTP);
	handle(SIGTSTP, catch, 0);
	raise(SIGCONT);
	CHECK(is_pending(SIGCONT));
	raise(SIGTSTP);
	CHECK(!is_pending(SIGCONT));
	CHECK(is_pending(SIGTSTP));
	raise(SIGCONT);
	CHECK(!is_pending(SIGTSTP));
	unblock(SIGTSTP);
	CHECK_EQ(caught, 0);
}

static void
catch_stop(void)
{
	handle(SIGTSTP, catch, 0);
	CHECK_EQ(pause(), -1);
	_exit(caught == 1 ? 0 : 1);
}

TEST(stop_that_is_caught_does_not_stop)
{
	pid_t pid = child_start(catch_stop);

	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGTSTP), 0);
	CHECK_EQ(child_end(pid), 0);
}

TEST(wait_sees_stop_continuation_and_end_each_once)
{
	pid_t pid = child_start(sleep_for_ever);
	int status;

	/* a group of its own: SIGTSTP stops nobody in an orphaned one */
	CHECK_EQ(setpgid(pid, pid), 0);
	wait_asleep(pid);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED | WCONTINUED | WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGTSTP), 0);
	CHECK_EQ(wait_status_of(pid, WUNTRACED | WCONTINUED),
		 SIGTSTP << 8 | 0x7f);
	CHECK_EQ(waitpid(-1, &status, WUNTRACED | WCONTINUED | WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(wait_status_of(pid, WUNTRACED | WCONTINUED), 0xffff);
	CHECK_EQ(waitpid(-1, &status, WUNTRACED | WCONTINUED | WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(wait_status_of(pid, WUNTRACED | WCONTINUED), SIGKILL);
	CHECK_ERRNO(waitpid(-1, &status, 0), ECHILD);
}

/*
 * Signals that wait: queued ones with their values, and calls that take them
 * without a handler.
 *
 * holds on Linux
 */
#include "boot/signals.h"

#define RT SIGRTMIN

static volatile int got[64], gots;

static void
note(int sig, siginfo_t *info, void *context)
{
	(void)context;
	got[gots++] = sig * 1000 + info->si_value.sival_int;
}

TEST(realtime_signals_come_each_in_order_the_lowest_number_first)
{
	struct sigaction action = {.sa_flags = SA_SIGINFO};

	action.sa_sigaction = note;
	sigfillset(&action.sa_mask);
	for (int sig = RT; sig < RT + 3; sig++) {
		CHECK_EQ(sigaction(sig, &action, NULL), 0);
		block(sig);
	}
	for (int i = 0; i < 5; i++)
		for (int sig = RT + 2; sig >= RT; sig--)
			CHECK_EQ(queue(getpid(), sig, i), 0);
	for (int sig = RT; sig < RT + 3; sig++)
		unblock(sig);
	CHECK_EQ(gots, 15);
	for (int i = 0; i < 15; i++)
		CHECK_EQ(got[i], (RT + i / 5) * 1000 + i % 5);
}

TEST(realtime_signals_sent_by_kill_are_each_kept_too)
{
	handle(RT, catch, 0);
	block(RT);
	for (int i = 0; i < 10; i++)
		CHECK_EQ(kill(getpid(), RT), 0);
	unblock(RT);
	CHECK_EQ(caught, 10);
}

TEST(standard_signal_that_is_queued_comes_once_with_the_first_value)
{
	handle_info(SIGUSR1, note, 0);
	block(SIGUSR1);
	for (int i = 1; i < 10; i++)
		CHECK_EQ(queue(getpid(), SIGUSR1, i), 0);
	unblock(SIGUSR1);
	CHECK_EQ(gots, 1);
	CHECK_EQ(got[0], SIGUSR1 * 1000 + 1);
}

TEST(sigqueue_and_tgkill_refuse_whom_there_is_not)
{
	CHECK_ERRNO(queue(0x3ffff0, SIGUSR1, 0), ESRCH);
	CHECK_ERRNO(queue(getpid(), 65, 0), EINVAL);
	CHECK_ERRNO(queue(getpid(), -1, 0), EINVAL);
	CHECK_EQ(queue(getpid(), 0, 0), 0);
	CHECK_ERRNO(tgkill(getpid(), getpid(), 65), EINVAL);
	CHECK_ERRNO(tgkill(0, getpid(), 1), EINVAL);
	CHECK_ERRNO(tgkill(getpid(), -1, 1), EINVAL);
	CHECK_ERRNO(tgkill(getpid(), 0x3ffff0, SIGUSR1), ESRCH);
	CHECK_EQ(tgkill(getpid(), gettid(), 0), 0);
}

/* ---- taken without a handler ---- */

TEST(sigtimedwait_takes_what_waits_already_with_what_is_known_of_it)
{
	sigset_t set = set_of(RT);
	siginfo_t info;

	block(RT);
	block(SIGUSR1);
	CHECK_EQ(queue(getpid(), RT, 5), 0);
	CHECK_EQ(queue(getpid(), RT, 6), 0);
	CHECK_EQ(raise(SIGUSR1), 0);
	sigaddset(&set, SIGUSR1);
	CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
	CHECK_EQ(info.si_pid, getpid());
	CHECK_EQ(sigwaitinfo(&set, &info), RT);
	CHECK_EQ(info.si_signo, RT);
	CHECK_EQ(info.si_code, SI_QUEUE);
	CHECK_EQ(info.si_value.sival_int, 5);
	CHECK_EQ(sigwaitinfo(&set, &info), RT);
	CHECK_EQ(info.si_value.sival_int, 6);
	CHECK(!is_pending(RT));
}

TEST(sigtimedwait_gives_EAGAIN_when_its_time_is_over)
{
	struct timespec none = {0, 0}, some = {0, 20000000};
	struct timespec bad = {0, 1000000000}, before = {-1, 0};
	sigset_t set = set_of(SIGUSR1);
	int64_t start = clock_ns(CLOCK_MONOTONIC);

	block(SIGUSR1);
	CHECK_ERRNO(sigtimedwait(&set, NULL, &none), EAGAIN);
	CHECK_ERRNO(sigtimedwait(&set, NULL, &some), EAGAIN);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 20000000);
	CHECK_ERRNO(sigtimedwait(&set, NULL, &bad), EINVAL);
	CHECK_ERRNO(sigtimedwait(&set, NULL, &before), EINVAL);
}

static void
await_child(void)
{
	sigset_t set = set_of(SIGUSR1);
	siginfo_t info;

	sigaddset(&set, SIGCHLD); /* ignored by default, and waited for */
	sigaddset(&set, SIGKILL);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	CHECK_EQ(sigwaitinfo(&set, &info), SIGCHLD);
	CHECK_EQ(info.si_pid, getppid());
	CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
}

TEST(sigtimedwait_is_woken_by_what_it_waits_for)
{
	pid_t pid = child_start(await_child);

	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGCHLD), 0);
	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGUSR1), 0);
	CHECK_EQ(child_end(pid), 0);
}

static void
await_for_ever(void)
{
	sigset_t set = set_of(SIGUSR1);
	int sig;

	block(SIGUSR1);
	handle(SIGUSR2, catch, 0);
	CHECK_EQ(sigwait(&set, &sig), 0);
	CHECK_EQ(sig, SIGUSR1);
	CHECK_EQ(caught, 1);
}

TEST(sigwait_goes_on_after_other_signals_handlers)
{
	pid_t pid = child_start(await_for_ever);

	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGUSR2), 0);
	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGUSR1), 0);
	CHECK_EQ(child_end(pid), 0);
	pid = child_start(await_for_ever);
	wait_asleep(pid);
	child_kill(pid);
}

static void
await_unblocked(void)
{
	sigset_t set = set_of(SIGUSR1);

	handle(SIGUSR1, catch, 0);
	CHECK_EQ(sigwaitinfo(&set, NULL), SIGUSR1);
	CHECK_EQ(caught, 0);
	raise(SIGUSR1);
	CHECK_EQ(caught, 1);
}

TEST(signal_that_is_waited_for_does_not_go_to_its_handler)
{
	pid_t pid = child_start(await_unblocked);

	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGUSR1), 0);
	CHECK_EQ(child_end(pid), 0);
}

/*
 * Handlers, flags of sigaction, masks: what a program is promised of them.
 *
 * holds on Linux
 */
#include <setjmp.h>
#include "boot/signals.h"

TEST(handler_is_called_with_the_signals_number_and_the_program_goes_on)
{
	for (int sig = 1; sig < 32; sig++) {
		if (sig == SIGKILL || sig == SIGSTOP)
			continue;
		handle(sig, catch, 0);
		caught = 0;
		CHECK_EQ(raise(sig), 0);
		CHECK_EQ(caught, 1);
		CHECK_EQ(caught_last, sig);
	}
}

TEST(signal_keeps_its_handler_and_gives_the_one_before)
{
	CHECK(signal(SIGINT, catch) == SIG_DFL);
	raise(SIGINT);
	raise(SIGINT);
	CHECK_EQ(caught, 2);
	CHECK(signal(SIGINT, SIG_IGN) == catch);
	raise(SIGINT);
	CHECK(signal(SIGINT, SIG_DFL) == SIG_IGN);
	CHECK_EQ(caught, 2);
	CHECK(signal(SIGKILL, catch) == SIG_ERR);
	CHECK_EQ(errno, EINVAL);
}

TEST(siginfo_names_the_sender_and_how_it_was_sent)
{
	handle_info(SIGUSR1, catch_info, 0);
	CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	CHECK_EQ(caught_info.si_signo, SIGUSR1);
	CHECK_EQ(caught_info.si_code, SI_USER);
	CHECK_EQ(caught_info.si_errno, 0);
	CHECK_EQ(caught_info.si_pid, getpid());
	CHECK_EQ(caught_info.si_uid, getuid());
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK_EQ(caught_info.si_code, SI_TKILL);
	CHECK_EQ(queue(getpid(), SIGUSR1, -17), 0);
	CHECK_EQ(caught_info.si_code, SI_QUEUE);
	CHECK_EQ(caught_info.si_value.sival_int, -17);
	CHECK_EQ(caught_info.si_pid, getpid());
	CHECK_EQ(caught, 3);
}

static volatile int depth, deepest;

static void
nest(int sig)
{
	caught++;
	if (++depth > deepest)
		deepest = depth;
	if (caught < 4)
		raise(sig);
	depth--;
}

TEST(signal_waits_for_the_end_of_its_own_handler)
{
	handle(SIGUSR1, nest, 0);
	raise(SIGUSR1);
	CHECK_EQ(caught, 4);
	CHECK_EQ(deepest, 1);
	CHECK(!is_blocked(SIGUSR1));
}

TEST(signal_with_SA_NODEFER_enters_its_handler_again)
{
	handle(SIGUSR1, nest, SA_NODEFER);
	raise(SIGUSR1);
	CHECK_EQ(caught, 4);
	CHECK_EQ(deepest, 4);
}

static volatile int order[8], ordered;

static void
note(int sig)
{
	order[ordered++] = sig;
}

static void
note_and_raise(int sig)
{
	raise(SIGUSR2);
	CHECK(is_blocked(SIGUSR2));
	note(sig);
}

TEST(mask_of_an_action_holds_while_its_handler_runs)
{
	struct sigaction action = {.sa_handler = note_and_raise};

	action.sa_mask = set_of(SIGUSR2);
	CHECK_EQ(sigaction(SIGUSR1, &action, NULL), 0);
	handle(SIGUSR2, note, 0);
	raise(SIGUSR1);
	CHECK_EQ(ordered, 2);
	CHECK_EQ(order[0], SIGUSR1);
	CHECK_EQ(order[1], SIGUSR2);
	CHECK(!is_blocked(SIGUSR2));
}

static void
reset_hand(void)
{
	handle(SIGUSR1, catch, SA_RESETHAND);
	raise(SIGUSR1);
	CHECK_EQ(caught, 1);
	raise(SIGUSR1);
}

TEST(handler_with_SA_RESETHAND_is_called_once)
{
	struct sigaction action;

	CHECK_EQ(in_child(reset_hand), 128 + SIGUSR1);
	handle(SIGUSR1, catch, SA_RESETHAND);
	raise(SIGUSR1);
	CHECK_EQ(sigaction(SIGUSR1, NULL, &action), 0);
	CHECK(action.sa_handler == SIG_DFL);
}

TEST(all_that_waited_are_handled_before_the_call_that_lets_them_is_back)
{
	sigset_t all, none;

	sigfillset(&all);
	sigemptyset(&none);
	handle(SIGUSR1, note, 0);
	handle(SIGUSR2, note, 0);
	handle(SIGTERM, note, 0);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	raise(SIGTERM);
	raise(SIGUSR2);
	raise(SIGUSR1);
	CHECK_EQ(ordered, 0);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &none, NULL), 0);
	CHECK_EQ(ordered, 3);
	/* frames nest: the last one made runs first */
	CHECK_EQ(order[0], SIGTERM);
	CHECK_EQ(order[1], SIGUSR2);
	CHECK_EQ(order[2], SIGUSR1);
}

TEST(signal_that_is_ignored_is_never_pending)
{
	handle(SIGUSR1, SIG_IGN, 0);
	CHECK_EQ(raise(SIGUSR1), 0);
	CHECK(!is_pending(SIGUSR1));
	block(SIGUSR2);
	raise(SIGUSR2);
	CHECK(is_pending(SIGUSR2));
	handle(SIGUSR2, SIG_IGN, 0);
	CHECK(!is_pending(SIGUSR2));
	handle(SIGUSR2, catch, 0);
	unblock(SIGUSR2);
	CHECK_EQ(caught, 0);
}

TEST(signal_that_is_blocked_waits_and_comes_once)
{
	handle(SIGUSR1, catch, 0);
	block(SIGUSR1);
	CHECK(!is_pending(SIGUSR1));
	for (int i = 0; i < 3; i++)
		CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	CHECK(is_pending(SIGUSR1));
	CHECK_EQ(caught, 0);
	unblock(SIGUSR1);
	CHECK_EQ(caught, 1);
	CHECK(!is_pending(SIGUSR1));
}

TEST(default_of_a_blocked_signal_acts_when_it_is_unblocked)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		block(SIGTERM);
		raise(SIGTERM);
		if (!is_pending(SIGTERM))
			_exit(1);
		unblock(SIGTERM);
		_exit(2);
	}
	CHECK_EQ(child_end(pid), 128 + SIGTERM);
}

TEST(SIGKILL_and_SIGSTOP_are_neither_caught_nor_blocked)
{
	struct sigaction action = {.sa_handler = SIG_IGN};
	sigset_t all;

	CHECK_ERRNO(sigaction(SIGKILL, &action, NULL), EINVAL);
	CHECK_ERRNO(sigaction(SIGSTOP, &action, NULL), EINVAL);
	CHECK_EQ(sigaction(SIGKILL, NULL, &action), 0);
	CHECK(action.sa_handler == SIG_DFL);
	sigfillset(&all);
	CHECK_EQ(sigprocmask(SIG_SETMASK, &all, NULL), 0);
	CHECK(!is_blocked(SIGKILL));
	CHECK(!is_blocked(SIGSTOP));
	CHECK(is_blocked(SIGTERM));
}

TEST(sigaction_and_sigprocmask_refuse_what_has_no_meaning)
{
	struct sigaction action = {.sa_handler = catch};
	sigset_t set = set_of(SIGUSR1);

	CHECK_ERRNO(sigaction(0, &action, NULL), EINVAL);
	CHECK_ERRNO(sigaction(-1, &action, NULL), EINVAL);
	CHECK_ERRNO(sigaction(65, &action, NULL), EINVAL);
	CHECK_ERRNO(sigprocmask(77, &set, NULL), EINVAL);
	CHECK_ERRNO(sigaddset(&set, 0), EINVAL);
	CHECK_ERRNO(sigaddset(&set, 65), EINVAL);
	CHECK_ERRNO(sigismember(&set, 65), EINVAL);
	CHECK_EQ(sigprocmask(77, NULL, &set), 0);
}

TEST(action_is_read_back_as_it_was_written)
{
	struct sigaction action = {.sa_sigaction = catch_info}, old;

	action.sa_mask = set_of(SIGUSR2);
	action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK | SA_NODEFER;
	CHECK_EQ(sigaction(SIGUSR1, &action, &old), 0);
	CHECK(old.sa_handler == SIG_DFL);
	CHECK_EQ(sigaction(SIGUSR1, NULL, &old), 0);
	CHECK(old.sa_sigaction == catch_info);
	CHECK_EQ(old.sa_flags & ~0x04000000, action.sa_flags);
	CHECK_EQ(sigismember(&old.sa_mask, SIGUSR2), 1);
	CHECK_EQ(sigismember(&old.sa_mask, SIGUSR1), 0);
}

static void
inherited(void)
{
	CHECK(!is_pending(SIGUSR2));
	CHECK(is_blocked(SIGUSR2));
	raise(SIGUSR1);
	CHECK_EQ(caught, 1);
	unblock(SIGUSR2);
}

TEST(child_has_its_parents_handlers_and_mask_and_nothing_pending)
{
	handle(SIGUSR1, catch, 0);
	block(SIGUSR2);
	raise(SIGUSR2);
	CHECK_EQ(in_child(inherited), 0);
	CHECK_EQ(caught, 0);
	CHECK(is_pending(SIGUSR2));
}

static sigjmp_buf back;

static void
jump(int sig)
{
	caught++;
	siglongjmp(back, sig);
}

TEST(siglongjmp_out_of_a_handler_brings_the_mask_back)
{
	handle(SIGUSR1, jump, 0);
	for (volatile int i = 0; i < 2000; i++) {
		if (sigsetjmp(back, 1) == 0) {
			raise(SIGUSR1);
			CHECK(0);
		}
		CHECK(!is_blocked(SIGUSR1));
	}
	CHECK_EQ(caught, 2000);
	if (sigsetjmp(back, 0) == 0)
		raise(SIGUSR1);
	CHECK(is_blocked(SIGUSR1));
}

TEST(sigsuspend_waits_with_its_own_mask_and_brings_the_old_one_back)
{
	sigset_t none = set_of(0);

	handle(SIGUSR1, catch, 0);
	block(SIGUSR1);
	block(SIGUSR2);
	raise(SIGUSR1);
	CHECK_EQ(caught, 0);
	CHECK_ERRNO(sigsuspend(&none), EINTR);
	CHECK_EQ(caught, 1);
	CHECK(is_blocked(SIGUSR1));
	CHECK(is_blocked(SIGUSR2));
}

static void
suspend_for_ever(void)
{
	sigset_t set;

	handle(SIGUSR1, catch, 0);
	handle(SIGUSR2, SIG_IGN, 0);
	sigfillset(&set);
	sigdelset(&set, SIGUSR1);
	sigdelset(&set, SIGUSR2);
	sigdelset(&set, SIGCHLD);
	CHECK_ERRNO(sigsuspend(&set), EINTR);
	CHECK_EQ(caught, 1);
}

TEST(sigsuspend_is_ended_by_a_handler_only)
{
	pid_t pid = child_start(suspend_for_ever);

	wait_asleep(pid);
	CHECK_EQ(kill(pid, SIGUSR2), 0);
	CHECK_EQ(kill(pid, SIGCHLD), 0);
	CHECK_EQ(kill(pid, SIGTERM), 0);
	wait_asleep(pid);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	CHECK_EQ(kill(pid, SIGUSR1), 0);
	CHECK_EQ(child_end(pid), 128 + SIGTERM);
}

static void
abort_ignored(void)
{
	handle(SIGABRT, SIG_IGN, 0);
	abort();
}

static void
abort_blocked(void)
{
	block(SIGABRT);
	abort();
}

static void
abort_caught(void)
{
	handle(SIGABRT, catch, 0);
	abort();
}

TEST(abort_ends_the_process_whatever_was_done_about_SIGABRT)
{
	CHECK_EQ(in_child(abort), 128 + SIGABRT);
	CHECK_EQ(in_child(abort_ignored), 128 + SIGABRT);
	CHECK_EQ(in_child(abort_blocked), 128 + SIGABRT);
	CHECK_EQ(in_child(abort_caught), 128 + SIGABRT);
}

TEST(kill_of_oneself_is_handled_before_the_call_is_back)
{
	handle(SIGUSR1, catch, 0);
	for (int i = 1; i <= 1000; i++) {
		CHECK_EQ(kill(getpid(), SIGUSR1), 0);
		CHECK_EQ(caught, i);
	}
}

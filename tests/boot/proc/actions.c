/*
 * What rules do without an event: return, kill, signal, delay.  The tracee
 * never stops for them; the edits are there before anybody reads.
 */
#include "trace/handled.h"

static long
switches(void)
{
	char text[4096], *at;
	int cpu = open("sys:/cpu", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(cpu, text, sizeof text - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(cpu);
	at = strstr(text, "switches ");
	CHECK(at != NULL);
	return strtol(at + 9, NULL, 10);
}

static void
asks_and_gets(int64_t result)
{
	go(&t);
	CHECK_EQ(told(&t), result);
}

/* ---- return ---- */

TEST(return_at_enter_gives_the_value_and_the_call_is_not_run)
{
	start(asks_for_parent, "on enter getppid return 42\n");
	asks_and_gets(42);
	PUT(fd, "on enter getppid return -EACCES\n");
	asks_and_gets(-EACCES);
	PUT(fd, "on enter getppid return 0x123456789abc\n");
	asks_and_gets(0x123456789abc);
	PUT(fd, "on enter getppid off\n");
	asks();
	nothing_to_read(fd);
	finish(fd);
}

TEST(return_at_leave_replaces_the_result)
{
	start(asks_for_parent, "on leave getppid return -7\n");
	asks_and_gets(-7);
	asks_and_gets(-7);
	nothing_to_read(fd);
	finish(fd);
}

TEST(return_at_both_is_that_of_the_leave)
{
	start(asks_for_parent, "on enter getppid return 1\n"
			       "on leave getppid return 2\n");
	asks_and_gets(2);
	finish(fd);
}

static void
asks_many_times(const struct tracee *u)
{
	int64_t sum = 0;

	await(u);
	for (int i = 0; i < 1000; i++)
		sum += call0(SYS_getppid);
	tell(u, sum);
	await(u);
}

TEST(return_makes_no_switch)
{
	long before;

	start(asks_many_times, "on enter getppid return 3\n"
			       "on leave getppid count\n");
	before = switches();
	asks_and_gets(3000);
	CHECK(switches() - before < 100);
	nothing_to_read(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 99);
}

TEST(newest_rule_decides_between_all_actions)
{
	start(asks_for_parent, "on enter getppid hold\n"
			       "on enter * return 5\n"
			       "on enter read,write off\n");
	asks_and_gets(5);
	PUT(fd, "on enter * count\non enter read,write off\n");
	asks();
	PUT(fd, "on enter getppid return 6\n");
	asks_and_gets(6);
	PUT(fd, "on enter getppid,getpid off\n");
	asks();
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	EXPECT(fd, "hold enter getppid");
	PUT(fd, "on enter getppid return 8\nrun\n"); /* judged already */
	answers();
	asks_and_gets(8);
	finish(fd);
}

TEST(leave_of_a_call_that_a_rule_answers_is_unrun)
{
	int other;

	start(asks_for_parent, "on enter getppid return 9\n");
	other = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	nothing_to_read(other);
	asks_and_gets(9);
	CHECK_EQ(fcntl(other, F_SETFL, 0), 0);
	EXPECT_START(other, "log leave read ");
	EXPECT(other, "log leave getppid = 9 unrun");
	close(other);
	finish(fd);
}

TEST(leave_that_a_rule_changes_is_told_so_to_the_others)
{
	int other;

	start(asks_for_parent, "on leave getppid return 9\n");
	other = controller(t.pid);
	PUT(other, "on leave getppid log\n");
	asks_and_gets(9);
	EXPECT(other, "log leave getppid = 9");
	PUT(other, "on leave getppid hold\n");
	go(&t);
	EXPECT(other, "hold leave getppid = 9");
	PUT(other, "return 10\nrun\n");
	CHECK_EQ(told(&t), 10);
	close(other);
	finish(fd);
}

static void
asks_for_a_group(const struct tracee *u)
{
	char byte;

	while (read(u->in, &byte, 1) == 1)
		tell(u, call3(SYS_getpgid, 0x123, 0, 0));
}

TEST(hold_of_another_session_sees_the_arguments_and_has_the_last_word)
{
	int other;

	start(asks_for_a_group, "on enter getpgid return 9\n");
	other = controller(t.pid);
	PUT(other, "on enter getpgid hold\n");
	go(&t);
	EXPECT(other, "hold enter getpgid 0x123");
	PUT(other, "run\n");
	CHECK_EQ(told(&t), 9);
	go(&t);
	EXPECT(other, "hold enter getpgid 0x123");
	PUT(other, "return 10\nrun\n");
	CHECK_EQ(told(&t), 10);
	go(&t);
	EXPECT(other, "hold enter getpgid 0x123");
	PUT(other, "args getppid 0 0 0 0 0 0\nrun\n");
	CHECK_EQ(told(&t), getpid());
	close(other);
	finish(fd);
}

static void
exits_twice(const struct tracee *u)
{
	await(u);
	tell(u, call3(SYS_exit, 1, 0, 0));
	await(u);
	call3(SYS_exit, 7, 0, 0);
}

TEST(exit_that_a_rule_answers_is_not_run_and_leaves)
{
	start(exits_twice, "on enter exit return 3\non leave exit log\n");
	asks_and_gets(3);
	EXPECT(fd, "log leave exit 0x1 = 3 unrun");
	PUT(fd, "on enter exit off\n");
	go(&t);
	EXPECT(fd, "log end exited 7");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 7);
}

static void
reads_through_a_signal(const struct tracee *u)
{
	int ends[2];
	char c;

	handle(SIGUSR1, SA_RESTART);
	pipe_make(ends);
	tell(u, 0);
	tell(u, call3(SYS_read, (uint64_t)ends[0], (uint64_t)(uintptr_t)&c, 1));
	tell(u, handled);
}

TEST(leave_that_would_restart_gives_the_value_and_does_not)
{
	tracee_begin(reads_through_a_signal);
	CHECK_EQ(told(&t), 0);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	PUT(fd, "on leave read return 11\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	CHECK_EQ(told(&t), 11);
	CHECK_EQ(told(&t), SIGUSR1);
	finish(fd);
}

static void
is_interrupted(const struct tracee *u)
{
	handle(SIGUSR1, 0);
	await(u);
	tell(u, raise(SIGUSR1));
	tell(u, handled);
}

TEST(leave_of_sigreturn_gives_the_value_to_what_it_goes_back_to)
{
	start(is_interrupted, "on leave sigreturn return 77\n");
	asks_and_gets(77);
	CHECK_EQ(told(&t), SIGUSR1);
	finish(fd);
}

/* ---- kill ---- */

static void
writes_then_exits(const struct tracee *u)
{
	await(u);
	tell(u, 1);
	_exit(0);
}

TEST(kill_at_enter_is_before_the_call_and_makes_no_event)
{
	int64_t value;

	start(writes_then_exits, "on enter write kill\n");
	go(&t);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(read(t.from, &value, sizeof value), 0);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(kill_at_leave_is_after_the_call)
{
	start(writes_then_exits, "on leave write kill\n");
	asks_and_gets(1);
	EXPECT(fd, "log end killed SIGKILL");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(kill_ends_what_another_session_holds_at_the_same_call)
{
	int other;

	start(asks_for_parent, "on enter getppid kill\n");
	other = controller(t.pid);
	PUT(other, "on enter getppid hold\n");
	go(&t);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT(other, "log enter getppid"); /* it held no longer */
	EXPECT(other, "log end killed SIGKILL");
	close(other);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(kill_at_exec_is_before_the_image_runs)
{
	start(becomes_true, "on exec kill\n");
	go(&t);
	EXPECT(fd, "log end killed SIGKILL");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(kill_at_the_end_changes_nothing_of_it)
{
	start(writes_then_exits, "on end kill\n");
	asks_and_gets(1);
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- signal ---- */

static void
handles_usr1(const struct tracee *u)
{
	char byte;

	handle(SIGUSR1, SA_RESTART);
	handle(SIGUSR2, SA_RESTART);
	tell(u, 0);
	while (read(u->in, &byte, 1) == 1) {
		handled = 0;
		raise(SIGUSR1);
		tell(u, handled);
	}
}

static void
start_handling(const char *rules)
{
	tracee_begin(handles_usr1);
	CHECK_EQ(told(&t), 0);
	fd = controller(t.pid);
	PUT(fd, rules);
}

TEST(signal_becomes_another_or_none)
{
	start_handling("on signal SIGUSR1 signal SIGUSR2\n");
	asks_and_gets(SIGUSR2);
	PUT(fd, "on signal SIGUSR1 signal 0\n");
	asks_and_gets(0);
	PUT(fd, "on signal SIGUSR1 count\n");
	asks_and_gets(SIGUSR1);
	nothing_to_read(fd);
	PUT(fd, "on signal * kill\n");
	go(&t);
	EXPECT(fd, "log end killed SIGKILL");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

static void
runs_no_instruction(const struct tracee *u)
{
	await(u);
	__asm__ volatile("ud2");
}

TEST(fault_becomes_a_signal_of_the_rule)
{
	start(runs_no_instruction, "on fault ud signal SIGTERM\n");
	go(&t);
	EXPECT(fd, "log end killed SIGTERM");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGTERM);
}

TEST(fault_kills)
{
	start(runs_no_instruction, "on fault ud kill\n");
	go(&t);
	EXPECT(fd, "log end killed SIGKILL");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

/* ---- delay ---- */

#define FOR_EVER "4000000000000000000"

TEST(delay_lasts_as_long_as_it_says)
{
	struct timespec from, to;

	start(asks_for_parent, "on enter getppid delay 3000000\n"
			       "on leave getppid delay 4000000\n");
	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &from), 0);
	asks();
	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &to), 0);
	CHECK((to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec -
		      from.tv_nsec >=
	      7000000);
	nothing_to_read(fd);
	finish(fd);
}

TEST(delay_ends_with_its_session)
{
	int other;

	start(asks_for_parent, "on enter getppid delay " FOR_EVER "\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	other = controller(t.pid);
	close(other);
	finish_held(fd);
}

TEST(delay_ends_by_SIGKILL)
{
	start(asks_for_parent, "on enter getppid delay " FOR_EVER "\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	finish_killed(fd);
}

TEST(delay_comes_when_the_last_hold_is_gone_and_then_the_verdict)
{
	int other;

	start(asks_for_parent, "on enter getppid delay " FOR_EVER "\n");
	other = controller(t.pid);
	PUT(other, "on enter getppid hold\n");
	go(&t);
	EXPECT(other, "hold enter getppid");
	PUT(other, "return 4\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	close(fd);
	CHECK_EQ(told(&t), 4);
	finish(other);
}

TEST(stop_lands_in_a_delay_and_outlives_it)
{
	int other;

	start(asks_for_parent, "on enter getppid delay " FOR_EVER "\n");
	other = controller(t.pid);
	go(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	stopped(other, "hold stop asleep");
	close(fd);
	sched_yield();
	expect_state(TRACE_STATE_HELD);
	PUT(other, "return 5\nrun\n"); /* it is at its enter still */
	CHECK_EQ(told(&t), 5);
	finish(other);
}

/* ---- all of them ---- */

TEST(action_that_does_not_fit_is_EINVAL_and_says_why)
{
	static const char *const lines[] = {
		"on signal * return 1\n", "on fault * delay 1\n",
		"on start return 1\n",	  "on exec delay 1\n",
		"on end return 1\n",	  "on enter * signal 1\n",
		"on leave * signal 0\n",  "on exec signal 1\n",
		"on enter * return\n",	  "on enter * delay -1\n",
		"on signal * signal x\n", "on enter kill\n"};
	char text[4096];
	int status;

	start(asks_for_parent, "on enter getppid count\n");
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		REFUSED(fd, lines[i], EINVAL);
	REFUSED(fd, "on exec return 1\n", EINVAL);
	status = proc_open(getpid(), "status", O_RDONLY);
	CHECK(read(status, text, sizeof text - 1) > 0);
	close(status);
	CHECK(strstr(text, "\nrefused EINVAL line: "
			   "fits enter and leave only: return\n"));
	asks();
	finish(fd);
}

TEST(rules_are_replaced_while_calls_are_made)
{
	start(asks_many_times, "on enter getppid return 3\n");
	go(&t);
	for (int i = 0; i < 200; i++) {
		PUT(fd, "on enter getppid return 4\n");
		PUT(fd, "on enter getppid count\n");
		PUT(fd, "on enter getppid delay 1\n");
		PUT(fd, "on enter getppid return 3\n");
		sched_yield();
	}
	(void)told(&t);
	nothing_to_read(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 99);
}

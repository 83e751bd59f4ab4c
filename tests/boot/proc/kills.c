/*
 * SIGKILL wins: of tracee and of tracer, at every place where either waits; and
 * the parent loses nothing.
 */
#include "trace/scene.h"

static void
killed(int fd)
{
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(tracee_killed_at_enter_gives_end_and_then_end_of_file)
{
	killed(held_at("on enter getppid hold\non leave getppid hold\n",
		       "hold enter getppid"));
}

TEST(tracee_killed_at_leave_gives_end_and_then_end_of_file)
{
	killed(held_at("on leave getppid hold\n", "hold leave getppid"));
}

TEST(tracee_killed_before_its_event_was_read_gives_it_as_log_and_end)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	EXPECT(fd, "log enter getppid");
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(tracee_killed_with_a_signal_behind_an_unread_stop_gives_stop_and_end)
{
	int fd = session_on(sleeps);

	PUT(fd, "on signal SIGUSR1 hold\nstop\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	for (int i = 0; i < 50; i++)
		sched_yield();
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	EXPECT(fd, "log stop asleep");
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(tracee_killed_makes_no_leave)
{
	int fd = held_at("on enter getppid hold\non leave * log\n"
			 "on leave read,write,close off\n",
			 "hold enter getppid");

	killed(fd);
}

TEST(tracee_killed_in_a_stop_gives_end)
{
	int fd = session_on(sleeps);

	stopped(fd, "hold stop asleep");
	killed(fd);
	fd = session_on(spins);
	stopped(fd, "hold stop");
	killed(fd);
}

TEST(tracee_killed_at_start_and_at_exec_gives_end)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	pid_t pid;

	PUT(fd, "new /bin/true true\n");
	pid = next_event(fd).pid;
	CHECK_EQ(kill(pid, SIGKILL), 0);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
	close(fd);
}

TEST(tracee_killed_at_the_hold_of_its_end_goes_on_dying)
{
	int fd = held_in(sleeps, "on end hold\n", "hold end exited 0");

	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	EXPECT_END(fd);
	close(fd);
	/* how it ended was decided before */
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(tracee_that_SIGKILL_ends_is_not_held_at_end)
{
	int fd = session_on(sleeps);

	PUT(fd, "on end hold\n");
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(tracee_held_by_eight_sessions_dies_of_one_SIGKILL)
{
	int fds[8];

	held_by_eight(fds, asks_for_parent, "on enter getppid hold\n",
		      "hold enter getppid");
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
	for (int i = 0; i < 8; i++) {
		EXPECT(fds[i], "log end killed SIGKILL");
		EXPECT_END(fds[i]);
		close(fds[i]);
	}
}

TEST(hold_without_an_owner_dies_of_SIGKILL)
{
	tracee_begin(spins);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(kill_by_verb_ends_what_the_session_holds)
{
	int fd = held_at_enter();

	PUT(fd, "kill SIGKILL\n");
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	REFUSED(fd, "kill SIGKILL\n", ESRCH);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(other_signals_wait_until_it_is_let_go)
{
	int fd = held_at_enter();

	PUT(fd, "kill SIGTERM\n");
	for (int i = 0; i < 20; i++)
		sched_yield();
	expect_state(TRACE_STATE_HELD);
	EXPECT(fd, "log end killed SIGTERM");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGTERM);
}

/* ---- a signal that does nothing disturbs nothing ---- */

TEST(no_signal_starts_or_ends_a_hold)
{
	int fd = held_at_enter();

	CHECK_EQ(kill(t.pid, SIGCHLD), 0);
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	CHECK_EQ(kill(t.pid, SIGSTOP), 0);
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	expect_state(TRACE_STATE_HELD);
	let_go(fd);
	finish(fd);
}

static void
reads_twice(const struct tracee *u)
{
	char c;

	tell(u, call3(SYS_read, (uint64_t)u->in, (uintptr_t)&c, 1));
	await(u);
}

TEST(sleeping_call_is_not_ended_by_stop_and_run)
{
	int fd = session_on(reads_twice);

	for (int i = 0; i < 10; i++) {
		stopped(fd, "hold stop asleep");
		PUT(fd, "run\n");
		CHECK_EQ(ctl(t.pid, "stop\n"), 0);
		CHECK_EQ(ctl(t.pid, "run\n"), 0);
	}
	expect_state(TRACE_STATE_ASLEEP);
	go(&t);
	CHECK_EQ(told(&t), 1);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- the tracer ---- */

/* Stops whom it is told, tells what came of it. */
static void
stops_whom_it_is_told(const struct tracee *u)
{
	int32_t pid;

	while (read(u->in, &pid, sizeof pid) == sizeof pid)
		tell(u, ctl(pid, "stop\n") < 0 ? errno : 0);
}

TEST(third_party_lets_one_go_that_was_stopped)
{
	struct tracee a = tracee_start(stops_whom_it_is_told);
	int32_t pid;

	tracee_begin(spins);
	pid = t.pid;
	CHECK_EQ(write(a.to, &pid, sizeof pid), sizeof pid);
	CHECK_EQ(told(&a), 0);
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(tracee_end(&a), 0);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	expect_holds(0);
	tracee_kill(&t);
}

TEST(tracer_held_by_its_own_tracer_is_killable_and_lets_its_tracee_go)
{
	int ready[2], fd;
	pid_t tracer;
	char c = 'r';

	t = tracee_start(asks_for_parent);
	pipe_make(ready);
	tracer = fork();
	if (tracer == 0) {
		int mine = controller(t.pid);

		tester_ends_close();
		PUT(mine, "on enter getppid hold\n");
		CHECK_EQ(write(ready[1], &c, 1), 1);
		(void)next_event(mine);
		CHECK_EQ(write(ready[1], &c, 1), 1);
		(void)next_event(mine);
		_exit(0);
	}
	CHECK_EQ(read(ready[0], &c, 1), 1);
	go(&t);
	CHECK_EQ(read(ready[0], &c, 1), 1);
	answers();
	fd = controller(tracer);
	stopped(fd, "hold stop asleep");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	CHECK_EQ(kill(tracer, SIGKILL), 0);
	EXPECT(fd, "log end killed SIGKILL");
	answers();
	CHECK_EQ(exit_status(wait_for(tracer)), 1000 + SIGKILL);
	finish(fd);
}

TEST(parent_that_waits_for_its_held_child_hears_of_it_as_without_a_tracer)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter exit hold\non end hold\n");
	close(t.to);
	EXPECT(fd, "hold enter exit 0x0");
	CHECK_EQ(waitpid(t.pid, NULL, WNOHANG | WUNTRACED), 0);
	EXPECT(fd, "hold end exited 0");
	CHECK_EQ(waitpid(t.pid, NULL, WNOHANG | WUNTRACED), 0);
	PUT(fd, "run\n");
	CHECK_EQ(wait_for(t.pid), 0);
	close(fd);
}

TEST(orphan_of_a_tracer_that_ended_is_not_frozen)
{
	pid_t parent = fork();

	if (parent == 0) {
		int fd = open("proc:/new", O_RDWR | O_CLOEXEC);

		PUT(fd, "on enter getppid hold\n"
			"new /test/proc/helper h ask 100\n");
		EXPECT(fd, "hold start");
		EXPECT(fd, "hold enter getppid");
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(parent)), 0);
	/* the runner sees whether a process is left */
}

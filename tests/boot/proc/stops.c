/*
 * `stop` of a session and of ctl: what it finds, and what ends it.
 */
#include "trace/scene.h"

TEST(running_thread_stops_once_and_is_told_of)
{
	struct trace_regs regs;
	int fd = session_on(spins);

	stopped(fd, "hold stop");
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.orig_rax, UINT64_MAX);
	PUT(fd, "run\n");
	expect_holds(0);
	finish_killed(fd);
}

TEST(thread_asleep_in_a_call_is_reported_at_once_and_not_woken)
{
	int fd = session_on(asks_for_parent);

	stopped(fd, "hold stop asleep");
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "run\n");
	expect_state(TRACE_STATE_ASLEEP);
	asks();
	finish(fd);
}

TEST(thread_stopped_asleep_parks_before_its_leave)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on leave read hold\nstop\n");
	EXPECT(fd, "hold stop asleep");
	go(&t);
	for (int i = 0; i < 50; i++)
		sched_yield();
	nothing_to_read(fd);
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "run\n");
	EXPECT_START(fd, "hold leave read ");
	PUT(fd, "on leave read off\nrun\n");
	answers();
	finish(fd);
}

TEST(packed_stop_asleep_has_the_flag)
{
	struct trace_event e;
	int fd;

	tracee_begin(sleeps);
	fd = controller_bin(t.pid);
	CHECK_EQ(put_verb(fd, (struct trace_verb){.verb = TRACE_VERB_stop}),
		 TRACE_VERB_SIZE);
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_stop);
	CHECK_EQ(e.flags, TRACE_EF_HOLD | TRACE_EF_ASLEEP);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(stop_ends_by_run_and_not_by_reading_on)
{
	int fd = session_on(spins);

	CHECK(putf(fd, "stop tid %d\n", (int)t.pid) > 0);
	EXPECT(fd, "hold stop");
	nothing_to_read(fd);
	nothing_to_read(fd);
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "run\n");
	expect_holds(0);
	finish_killed(fd);
}

TEST(stop_of_a_thread_held_already_makes_no_event_and_its_hold_ends_by_verb)
{
	int fd = held_at_enter();

	PUT(fd, "stop\n");
	nothing_to_read(fd);
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "return 5\nrun\n");
	CHECK_EQ(told(&t), 5);
	nothing_to_read(fd);
	finish(fd);
}

TEST(run_before_it_has_parked_takes_the_stop_back)
{
	int fd = session_on(spins);

	/* both lines in one write: on one CPU it cannot park in between */
	CHECK(putf(fd, "stop tid %d\nrun tid %d\n", (int)t.pid, (int)t.pid) >
	      0);
	for (int i = 0; i < 20; i++)
		sched_yield();
	nothing_to_read(fd);
	expect_holds(0);
	CHECK_ERRNO(putf(fd, "run tid %d\n", (int)t.pid), EBUSY);
	finish_killed(fd);
}

TEST(thread_that_ends_first_answers_with_end)
{
	int fd = session_on(spins);

	/* one write: on one CPU it cannot park in between */
	CHECK(putf(fd, "stop tid %d\nkill SIGKILL pid %d\n", (int)t.pid,
		   (int)t.pid) > 0);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(stop_of_two_sessions_is_an_event_in_each)
{
	int one = session_on(spins), other = controller(t.pid);

	stopped(one, "hold stop");
	stopped(other, "hold stop");
	expect_holds(2);
	PUT(one, "run\n");
	expect_state(TRACE_STATE_HELD);
	close(other);
	expect_holds(0);
	finish_killed(one);
}

TEST(stop_of_a_thread_that_another_holds_asleep_says_asleep)
{
	int one = session_on(asks_for_parent), other = controller(t.pid);

	stopped(one, "hold stop asleep");
	stopped(other, "hold stop asleep");
	expect_holds(2);
	PUT(one, "run\n");
	close(other);
	expect_state(TRACE_STATE_ASLEEP);
	asks();
	finish(one);
}

TEST(stop_of_a_thread_that_another_holds_at_its_call_says_no_asleep)
{
	int one = held_at_enter(), other = controller(t.pid);

	stopped(other, "hold stop");
	PUT(one, "run\n");
	expect_state(TRACE_STATE_HELD);
	let_go(other);
	close(other);
	finish(one);
}

TEST(stop_all_stops_every_process_of_the_session)
{
	int fd = open("proc:/new", O_RDWR);
	struct event a, b;

	PUT(fd, "new /test/proc/helper helper spin\n"
		"new /test/proc/helper helper spin\nset advance read\n");
	a = next_event(fd);
	CHECK_STR(a.what, "hold start");
	b = next_event(fd);
	CHECK_STR(b.what, "hold start");
	PUT(fd, "run\n");
	CHECK_EQ(status_of(a.pid).holds, 0);
	PUT(fd, "stop all\n");
	EXPECT(fd, "hold stop");
	EXPECT(fd, "hold stop");
	CHECK_EQ(status_of(a.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(status_of(b.pid).state, TRACE_STATE_HELD);
	PUT(fd, "run all\n");
	CHECK_EQ(status_of(a.pid).holds + status_of(b.pid).holds, 0);
	PUT(fd, "kill SIGKILL all\n");
	CHECK_EQ(exit_status(wait_for(a.pid)), 1000 + SIGKILL);
	CHECK_EQ(exit_status(wait_for(b.pid)), 1000 + SIGKILL);
	close(fd);
}

/* ---- ctl ---- */

TEST(ctl_stop_returns_when_it_is_parked)
{
	struct trace_regs before, after;

	tracee_begin(spins);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(regs_get(t.pid, &before), 0);
	sched_yield();
	CHECK_EQ(regs_get(t.pid, &after), 0);
	CHECK_EQ(memcmp(&before, &after, sizeof before), 0);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	expect_holds(1);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	expect_holds(0);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	tracee_kill(&t);
}

TEST(ctl_stop_of_one_asleep_returns_at_once_and_keeps_its_call)
{
	tracee_begin(asks_for_parent);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	expect_state(TRACE_STATE_HELD);
	go(&t);
	for (int i = 0; i < 20; i++)
		sched_yield();
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(ctl_run_touches_no_sessions_hold)
{
	int fd = held_at_enter();

	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	expect_holds(2);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	PUT(fd, "run\n");
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	answers();
	finish(fd);
}

TEST(hold_without_an_owner_survives_whoever_made_it)
{
	pid_t child;

	tracee_begin(spins);
	child = fork();
	if (child == 0)
		_exit(ctl(t.pid, "stop\n") != 0);
	CHECK_EQ(exit_status(wait_for(child)), 0);
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	tracee_kill(&t);
}

TEST(controller_takes_over_a_hold_without_an_owner_with_stop)
{
	int fd;

	tracee_begin(spins);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	fd = controller(t.pid);
	CHECK_ERRNO(putf(fd, "run tid %d\n", (int)t.pid), EBUSY);
	stopped(fd, "hold stop");
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "run\n");
	expect_holds(0);
	finish_killed(fd);
}

TEST(stop_takes_a_hold_without_an_owner_over)
{
	int fd = session_on(spins);

	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	expect_holds(1);
	CHECK(putf(fd, "stop tid %d\n", (int)t.pid) > 0);
	EXPECT(fd, "hold stop");
	expect_holds(1);
	CHECK(putf(fd, "run tid %d\n", (int)t.pid) > 0);
	expect_holds(0);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	expect_holds(0);
	finish_killed(fd);
}

TEST(stop_of_a_thread_held_by_its_session_takes_the_ownerless_hold_too)
{
	int fd = held_at_enter();

	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	PUT(fd, "stop\n");
	let_go(fd);
	finish(fd);
}

TEST(ctl_kill_posts_a_signal)
{
	tracee_begin(sleeps);
	CHECK_EQ(ctl(t.pid, "kill SIGTERM\n"), 0);
	CHECK_EQ(tracee_end(&t), 1000 + SIGTERM);
	tracee_begin(spins);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	CHECK_EQ(ctl(t.pid, "kill 9\n"), 0);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(ctl_knows_no_other_line)
{
	static const char *const lines[] = {
		"step\n",     "return 1\n", "run all\n",	 "stop seq 1\n",
		"kill\n",     "\n",	    "on enter * hold\n", "run",
		"stop now\n", "new a b\n",  "set close kill\n",	 "Stop\n"};

	tracee_begin(sleeps);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		CHECK_ERRNO(ctl(t.pid, lines[i]), EINVAL);
	expect_holds(0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(ones_own_ctl_opens_and_only_private_is_written_there)
{
	CHECK_ERRNO(ctl(getpid(), "stop\n"), EDEADLK);
	CHECK_ERRNO(ctl(getpid(), "run\n"), EDEADLK);
	CHECK_ERRNO(ctl(getpid(), "kill SIGKILL\n"), EDEADLK);
	tracee_begin(sleeps);
	CHECK_ERRNO(ctl(t.pid, "private\n"), EACCES);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
goes_private(const struct tracee *u)
{
	await(u);
	tell(u, ctl(getpid(), "private\n") < 0 ? errno : 0);
	await(u);
	tell(u, ctl(getpid(), "private\n") < 0 ? errno : 0);
	await(u);
}

TEST(private_is_EBUSY_while_a_controller_is_open_and_shuts_tracers_out)
{
	int fd = session_on(goes_private);

	go(&t);
	CHECK_EQ(told(&t), EBUSY);
	close(fd);
	close(proc_open(t.pid, "mem", O_RDWR));
	go(&t);
	CHECK_EQ(told(&t), 0);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDONLY), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "mem", O_RDONLY), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "regs", O_RDONLY), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "maps", O_RDONLY), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "ctl", O_WRONLY), EACCES);
	close(proc_open(t.pid, "status", O_RDONLY));
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* One write on one CPU: the thread cannot run between the two verbs, so the
 * stop is still wanted when its session holds the thread at the leave. */
TEST(stop_wanted_when_its_session_holds_elsewhere_lands_afterwards_once)
{
	int fd = held_at("on enter getppid hold\non leave getppid hold\n",
			 "hold enter getppid");

	PUT(fd, "run\nstop\n");
	EXPECT_START(fd, "hold leave getppid ");
	expect_holds(1);
	EXPECT_START(fd, "hold stop");
	expect_holds(1);
	PUT(fd, "on enter getppid off\non leave getppid off\nrun\n");
	answers();
	finish(fd);
}

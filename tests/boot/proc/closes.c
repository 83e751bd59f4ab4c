/*
 * The last close, at each place where it may find a thread, and who did it.
 */
#include "trace/scene.h"

/* Nothing is left of a session: no hold, no rule, no event. */
static void
clean(void)
{
	CHECK_EQ(status_of(t.pid).tracers, 0);
	asks_times(5);
	expect_holds(0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(close_at_enter_goes_on_with_the_edits)
{
	int fd = held_at_enter();

	PUT(fd, "return 31\n");
	close(fd);
	CHECK_EQ(told(&t), 31);
	clean();
}

TEST(close_at_enter_without_an_edit_runs_the_call)
{
	close(held_at_enter());
	answers();
	clean();
}

TEST(close_at_leave_keeps_the_result_as_edited)
{
	int fd = held_at("on leave getppid hold\n", "hold leave getppid");

	PUT(fd, "return 32\n");
	close(fd);
	CHECK_EQ(told(&t), 32);
	clean();
}

TEST(close_at_an_event_not_read_lets_go)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\non leave getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	close(fd);
	answers();
	clean();
}

TEST(close_inside_a_line_lets_go)
{
	char c;
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	CHECK_EQ(read(fd, &c, 1), 1);
	close(fd);
	answers();
	clean();
}

TEST(close_at_end_lets_it_die)
{
	int fd = held_in(sleeps, "on end hold\n", "hold end exited 0");

	finish(fd);
}

TEST(close_of_a_stop_runs_on)
{
	int fd = session_on(asks_for_parent);

	stopped(fd, "hold stop asleep");
	close(fd);
	expect_state(TRACE_STATE_ASLEEP);
	clean();
}

TEST(close_takes_back_a_stop_that_has_not_landed)
{
	int fd = session_on(spins);

	PUT(fd, "stop\n");
	close(fd);
	for (int i = 0; i < 10; i++)
		sched_yield();
	expect_holds(0);
	tracee_kill(&t);
}

TEST(close_with_events_unread_loses_nothing_else)
{
	int fd, other;

	fd = session_on(asks_for_parent);
	other = controller(t.pid);
	PUT(fd, "on enter getppid log\n");
	PUT(other, "on enter getppid log\n");
	asks_times(20);
	close(fd);
	for (int i = 0; i < 20; i++)
		EXPECT(other, "log enter getppid");
	close(other);
	clean();
}

TEST(close_kill_kills_what_is_held)
{
	int fd = held_at("set close kill\non enter getppid hold\n",
			 "hold enter getppid");

	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(close_kill_kills_what_runs_and_what_sleeps)
{
	int fd = session_on(spins);

	PUT(fd, "set close run\nset close kill\n");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
	fd = session_on(sleeps);
	PUT(fd, "set close kill\n");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(close_run_after_kill_was_taken_back_runs)
{
	int fd = held_at("set close kill\non enter getppid hold\n",
			 "hold enter getppid");

	PUT(fd, "set close run\n");
	close(fd);
	answers();
	clean();
}

TEST(close_keep_leaves_the_hold_without_an_owner)
{
	int fd = held_at("set close keep\non enter getppid hold\n",
			 "hold enter getppid");

	PUT(fd, "return 33\n");
	close(fd);
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(status_of(t.pid).tracers, 0);
	expect_holds(1);
	/* edits made before keep stay; ctl lets go */
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	CHECK_EQ(told(&t), 33);
	clean();
}

TEST(kept_hold_is_taken_over_by_another_controller)
{
	int fd = held_at("set close keep\non enter getppid hold\n",
			 "hold enter getppid");

	close(fd);
	fd = controller(t.pid);
	stopped(fd, "hold stop");
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	expect_state(TRACE_STATE_HELD);
	let_go(fd);
	close(fd);
	clean();
}

TEST(close_keep_keeps_nothing_that_was_not_held)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "set close keep\non enter getppid hold\n");
	close(fd);
	clean();
}

TEST(close_of_one_session_leaves_the_other_ones_hold)
{
	int fd = held_at_enter();
	int other = controller(t.pid);

	stopped(other, "hold stop");
	close(fd);
	expect_state(TRACE_STATE_HELD);
	expect_holds(1);
	close(other);
	answers();
	clean();
}

/* ---- a reader waits ---- */

TEST(close_by_another_that_shares_it_leaves_a_waiting_reader_alone)
{
	int fd;
	pid_t reader;
	char c;

	fd = session_on(asks_for_parent);
	reader = fork();
	if (reader == 0) {
		tester_ends_close();
		CHECK_STR(next_event(fd).what, "log end exited 0");
		_exit(read(fd, &c, 1) != 0);
	}
	wait_state(reader, TRACE_STATE_ASLEEP);
	close(fd);
	/* it has a descriptor of its own, so the session lives */
	CHECK_EQ(status_of(t.pid).tracers, 1);
	CHECK_EQ(status_of(reader).state, TRACE_STATE_ASLEEP);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(exit_status(wait_for(reader)), 0);
}

/* ---- the tracer dies ---- */

static pid_t
tracer_that_holds(const char *rules, const char *event)
{
	int ready[2];
	pid_t pid;
	char c = 'r';

	tracee_begin(asks_for_parent);
	pipe_make(ready);
	pid = fork();
	if (pid == 0) {
		int fd = controller(t.pid);

		tester_ends_close();
		PUT(fd, rules);
		CHECK_EQ(write(ready[1], &c, 1), 1);
		EXPECT_START(fd, event);
		CHECK_EQ(write(ready[1], &c, 1), 1);
		sleep_until_killed();
	}
	CHECK_EQ(read(ready[0], &c, 1), 1);
	go(&t);
	CHECK_EQ(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	expect_state(TRACE_STATE_HELD);
	return pid;
}

TEST(tracer_killed_at_any_hold_leaves_a_running_tracee)
{
	static const struct {
		const char *rules, *event;
	} holds[] = {
		{"on enter getppid hold\n", "hold enter getppid"},
		{"on leave getppid hold\n", "hold leave getppid"},
		{"on leave read hold\n", "hold leave read"},
		{"stop\n", "hold stop asleep"},
		{"set advance verb\non enter getppid hold\n",
		 "hold enter getppid"},
	};

	for (size_t i = 0; i < sizeof(holds) / sizeof(holds[0]); i++) {
		pid_t tracer =
			tracer_that_holds(holds[i].rules, holds[i].event);

		CHECK_EQ(kill(tracer, SIGKILL), 0);
		answers();
		wait_for(tracer);
		clean();
		tester_end_count = 0;
	}
}

TEST(tracer_killed_at_an_end_leaves_nothing)
{
	pid_t tracer = tracer_that_holds("kill SIGTERM\non end hold\n",
					 "hold end killed SIGTERM");

	CHECK_EQ(kill(tracer, SIGKILL), 0);
	CHECK_EQ(tracee_end(&t), 1000 + SIGTERM);
	wait_for(tracer);
}

/* Before its first advance the session's close kills what it made. */
TEST(tracer_killed_at_the_start_of_its_new_takes_it_along)
{
	int ready[2], pid;
	pid_t tracer;

	pipe_make(ready);
	tracer = fork();
	if (tracer == 0) {
		int fd = open("proc:/new", O_RDWR | O_CLOEXEC);

		PUT(fd, "new /test/proc/helper helper spin\n");
		pid = next_event(fd).pid;
		CHECK_EQ(write(ready[1], &pid, sizeof pid), sizeof pid);
		sleep_until_killed();
	}
	CHECK_EQ(read(ready[0], &pid, sizeof pid), sizeof pid);
	CHECK_EQ(status_of(pid).state, TRACE_STATE_HELD);
	CHECK_EQ(kill(tracer, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(tracer)), 1000 + SIGKILL);
	while (kill(pid, 0) == 0)
		sched_yield();
	CHECK_EQ(errno, ESRCH);
}

TEST(tracer_killed_with_close_kill_takes_it_along)
{
	pid_t tracer =
		tracer_that_holds("set close kill\non enter getppid hold\n",
				  "hold enter getppid");

	CHECK_EQ(kill(tracer, SIGKILL), 0);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
	wait_for(tracer);
}

/* Traces whom it is told of, to be killed with it. */
static void
takes_along(const struct tracee *u)
{
	int32_t pid;
	int fd;

	CHECK_EQ(read(u->in, &pid, sizeof pid), sizeof pid);
	fd = controller(pid);
	PUT(fd, "set close kill\n");
	tell(u, 0);
	await(u);
}

TEST(chain_of_close_kill_ends_from_its_first_to_its_last)
{
	enum { LINKS = 20 };
	struct tracee chain[LINKS] = {{0}};

	for (int i = 0; i < LINKS; i++) {
		int32_t pid = i ? chain[i - 1].pid : 0;

		chain[i] = tracee_start(i ? takes_along : sleeps);
		if (i == 0)
			continue;
		CHECK_EQ(write(chain[i].to, &pid, sizeof pid), sizeof pid);
		CHECK_EQ(told(&chain[i]), 0);
	}
	CHECK_EQ(kill(chain[LINKS - 1].pid, SIGKILL), 0);
	for (int i = LINKS - 1; i >= 0; i--)
		CHECK_EQ(exit_status(wait_for(chain[i].pid)), 1000 + SIGKILL);
}

TEST(tracer_killed_while_it_waits_for_an_event_leaves_nothing)
{
	pid_t tracer;
	char c = 0;
	int ready[2];

	t = tracee_start(asks_for_parent);
	pipe_make(ready);
	tracer = fork();
	if (tracer == 0) {
		int fd = controller(t.pid);

		tester_ends_close();
		PUT(fd, "on enter getppid hold\n");
		CHECK_EQ(write(ready[1], &c, 1), 1);
		_exit((int)read(fd, &c, 1));
	}
	CHECK_EQ(read(ready[0], &c, 1), 1);
	wait_state(tracer, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(tracer, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(tracer)), 1000 + SIGKILL);
	clean();
}

TEST(two_that_close_at_once_close_once)
{
	for (int i = 0; i < 50; i++) {
		int fd = held_at("on enter getppid hold\n",
				 "hold enter getppid");
		pid_t other = fork();

		if (other == 0) {
			close(fd);
			_exit(0);
		}
		close(fd);
		answers();
		CHECK_EQ(exit_status(wait_for(other)), 0);
		CHECK_EQ(status_of(t.pid).tracers, 0);
		tester_end_count = 0;
		CHECK_EQ(tracee_end(&t), 0);
	}
}

TEST(tracee_ends_before_the_close_of_eight_sessions)
{
	int fds[8];

	held_by_eight(fds, sleeps, "on end hold\n", "hold end exited 0");
	for (int i = 0; i < 8; i++) {
		CHECK_EQ(waitpid(t.pid, NULL, WNOHANG), 0);
		close(fds[i]);
	}
	CHECK_EQ(tracee_end(&t), 0);
}

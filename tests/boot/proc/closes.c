/*
 * The last close, at each place where it may find a thread, and who did it.
 */
#include "trace/tracing.h"

static struct tracee t;

static int
held(const char *rules, const char *event)
{
	int fd;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	PUT(fd, rules);
	go(&t);
	CHECK_EQ(strncmp(next_event(fd).what, event, strlen(event)), 0);
	return fd;
}

/* Nothing is left of a session: no hold, no rule, no event. */
static void
clean(void)
{
	CHECK_EQ(status_of(t.pid).tracers, 0);
	for (int i = 0; i < 5; i++) {
		go(&t);
		CHECK_EQ(told(&t), getpid());
	}
	CHECK_EQ(status_of(t.pid).holds, 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(close_at_enter_goes_on_with_the_edits)
{
	int fd = held("on enter getppid hold\n", "hold enter getppid");

	PUT(fd, "return 31\n");
	close(fd);
	CHECK_EQ(told(&t), 31);
	clean();
}

TEST(close_at_enter_without_an_edit_runs_the_call)
{
	close(held("on enter getppid hold\n", "hold enter getppid"));
	CHECK_EQ(told(&t), getpid());
	clean();
}

TEST(close_at_leave_keeps_the_result_as_edited)
{
	int fd = held("on leave getppid hold\n", "hold leave getppid");

	PUT(fd, "return 32\n");
	close(fd);
	CHECK_EQ(told(&t), 32);
	clean();
}

TEST(close_at_an_event_not_read_lets_go)
{
	int fd;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	PUT(fd, "on enter getppid hold\non leave getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	close(fd);
	CHECK_EQ(told(&t), getpid());
	clean();
}

TEST(close_inside_a_line_lets_go)
{
	char c;
	int fd;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	CHECK_EQ(read(fd, &c, 1), 1);
	close(fd);
	CHECK_EQ(told(&t), getpid());
	clean();
}

TEST(close_at_end_lets_it_die)
{
	int fd;

	t = tracee_start(sleeps);
	fd = controller(t.pid);
	PUT(fd, "on end hold\n");
	go(&t);
	EXPECT(fd, "hold end exited 0");
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(close_of_a_stop_runs_on)
{
	int fd;

	t = tracee_start(asks_for_parent);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop asleep");
	close(fd);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_ASLEEP);
	clean();
}

TEST(close_takes_back_a_stop_that_has_not_landed)
{
	int fd;

	t = tracee_start(spins);
	CHECK_EQ(told(&t), 0);
	fd = controller(t.pid);
	PUT(fd, "stop\n");
	close(fd);
	for (int i = 0; i < 10; i++)
		sched_yield();
	CHECK_EQ(status_of(t.pid).holds, 0);
	tracee_kill(&t);
}

TEST(close_with_events_unread_loses_nothing_else)
{
	int fd, other;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	other = controller(t.pid);
	PUT(fd, "on enter getppid log\n");
	PUT(other, "on enter getppid log\n");
	for (int i = 0; i < 20; i++) {
		go(&t);
		CHECK_EQ(told(&t), getpid());
	}
	close(fd);
	for (int i = 0; i < 20; i++)
		EXPECT(other, "log enter getppid");
	close(other);
	clean();
}

TEST(close_kill_kills_what_is_held)
{
	int fd = held("set close kill\non enter getppid hold\n",
		      "hold enter getppid");

	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(close_kill_kills_what_runs_and_what_sleeps)
{
	int fd;

	t = tracee_start(spins);
	CHECK_EQ(told(&t), 0);
	fd = controller(t.pid);
	PUT(fd, "set close run\nset close kill\n");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
	t = tracee_start(sleeps);
	fd = controller(t.pid);
	PUT(fd, "set close kill\n");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(close_run_after_kill_was_taken_back_runs)
{
	int fd = held("set close kill\non enter getppid hold\n",
		      "hold enter getppid");

	PUT(fd, "set close run\n");
	close(fd);
	CHECK_EQ(told(&t), getpid());
	clean();
}

TEST(close_keep_leaves_the_hold_without_an_owner)
{
	int fd = held("set close keep\non enter getppid hold\n",
		      "hold enter getppid");

	PUT(fd, "return 33\n");
	close(fd);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(status_of(t.pid).tracers, 0);
	CHECK_EQ(status_of(t.pid).holds, 1);
	/* edits made before keep stay; ctl lets go */
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	CHECK_EQ(told(&t), 33);
	clean();
}

TEST(kept_hold_is_taken_over_by_another_controller)
{
	int fd = held("set close keep\non enter getppid hold\n",
		      "hold enter getppid");

	close(fd);
	fd = controller(t.pid);
	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop");
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), getpid());
	close(fd);
	clean();
}

TEST(close_keep_keeps_nothing_that_was_not_held)
{
	int fd;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	PUT(fd, "set close keep\non enter getppid hold\n");
	close(fd);
	clean();
}

TEST(close_of_one_session_leaves_the_other_ones_hold)
{
	int fd = held("on enter getppid hold\n", "hold enter getppid");
	int other = controller(t.pid);

	PUT(other, "stop\n");
	EXPECT(other, "hold stop");
	close(fd);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(status_of(t.pid).holds, 1);
	close(other);
	CHECK_EQ(told(&t), getpid());
	clean();
}

/* ---- a reader waits ---- */

TEST(close_by_another_that_shares_it_leaves_a_waiting_reader_alone)
{
	int fd;
	pid_t reader;
	char c;

	t = tracee_start(asks_for_parent);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
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

	t = tracee_start(asks_for_parent);
	pipe_make(ready);
	pid = fork();
	if (pid == 0) {
		int fd = controller(t.pid);

		tester_ends_close();
		PUT(fd, rules);
		CHECK_EQ(write(ready[1], &c, 1), 1);
		CHECK_EQ(strncmp(next_event(fd).what, event, strlen(event)), 0);
		CHECK_EQ(write(ready[1], &c, 1), 1);
		sleep_for_ever();
	}
	CHECK_EQ(read(ready[0], &c, 1), 1);
	go(&t);
	CHECK_EQ(read(ready[0], &c, 1), 1);
	close(ready[0]);
	close(ready[1]);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	return pid;
}

TEST(tracer_killed_at_an_enter_hold_leaves_a_running_tracee)
{
	pid_t tracer = tracer_that_holds("on enter getppid hold\n",
					 "hold enter getppid");

	CHECK_EQ(kill(tracer, SIGKILL), 0);
	CHECK_EQ(told(&t), getpid());
	wait_for(tracer);
	clean();
}

TEST(tracer_killed_at_a_leave_hold_leaves_a_running_tracee)
{
	pid_t tracer = tracer_that_holds("on leave getppid hold\n",
					 "hold leave getppid");

	CHECK_EQ(kill(tracer, SIGKILL), 0);
	CHECK_EQ(told(&t), getpid());
	wait_for(tracer);
	clean();
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
		int fd = held("on enter getppid hold\n", "hold enter getppid");
		pid_t other = fork();

		if (other == 0) {
			close(fd);
			_exit(0);
		}
		close(fd);
		CHECK_EQ(told(&t), getpid());
		CHECK_EQ(exit_status(wait_for(other)), 0);
		CHECK_EQ(status_of(t.pid).tracers, 0);
		tester_end_count = 0;
		CHECK_EQ(tracee_end(&t), 0);
	}
}

TEST(tracee_ends_before_the_close_of_eight_sessions)
{
	int fds[8];

	t = tracee_start(sleeps);
	for (int i = 0; i < 8; i++) {
		fds[i] = controller(t.pid);
		PUT(fds[i], "on end hold\n");
	}
	go(&t);
	for (int i = 0; i < 8; i++)
		EXPECT(fds[i], "hold end exited 0");
	for (int i = 0; i < 8; i++) {
		CHECK_EQ(waitpid(t.pid, NULL, WNOHANG), 0);
		close(fds[i]);
	}
	CHECK_EQ(tracee_end(&t), 0);
}

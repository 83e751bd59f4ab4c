/*
 * Holds: reading on is the advance, verbs, WHO, and who holds whom.
 */
#include "trace/scene.h"

TEST(reading_on_is_the_advance)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\non leave getppid hold\n");
	for (int i = 0; i < 3; i++) {
		go(&t);
		EXPECT(fd, "hold enter getppid");
		EXPECT_START(fd, "hold leave getppid = ");
		expect_state(TRACE_STATE_HELD);
		let_go(fd);
	}
	finish(fd);
}

TEST(body_of_the_loop_runs_with_the_tracee_held_for_the_last_event_too)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on end hold\n");
	close(t.to);
	EXPECT(fd, "hold end exited 0");
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(waitpid(t.pid, NULL, WNOHANG), 0);
	EXPECT_END(fd);
	CHECK_EQ(exit_status(wait_for(t.pid)), 0);
	close(fd);
}

TEST(line_read_byte_after_byte_advances_nothing_until_its_last_byte)
{
	char line[128];
	size_t n = 0;
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	do {
		CHECK_EQ(read(fd, line + n, 1), 1);
		expect_state(TRACE_STATE_HELD);
		/* what was not delivered is not let go without a tid or pid */
		if (line[n] != '\n')
			CHECK(put(fd, "run\n") < 0);
	} while (line[n++] != '\n');
	line[n] = '\0';
	CHECK_STR(event_parse(line).what, "hold enter getppid");
	PUT(fd, "return 78\n");
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 78);
	finish(fd);
}

TEST(read_that_starts_inside_a_line_returns_no_more_than_its_rest)
{
	char buf[512];
	ssize_t n;
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid log\n");
	asks_times(3);
	CHECK_EQ(read(fd, buf, 3), 3);
	n = read(fd, buf, sizeof buf - 1);
	CHECK(n > 0);
	buf[n] = '\0';
	CHECK_EQ(strchr(buf, '\n') - buf, n - 1);
	n = read(fd, buf, sizeof buf - 1);
	CHECK(n > 0);
	buf[n] = '\0';
	CHECK(strchr(buf, '\n') < buf + n - 1);
	finish(fd);
}

TEST(read_returns_at_most_one_event_that_holds_as_the_last)
{
	char buf[4096], *line = buf;
	int fd, lines = 0;
	ssize_t n;

	fd = session_on(asks_for_parent);
	PUT(fd, "on enter getppid log\non leave getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	n = read(fd, buf, sizeof buf - 1);
	CHECK(n > 0);
	buf[n] = '\0';
	CHECK(strstr(buf, " log enter getppid\n") != NULL);
	CHECK(strstr(buf, " hold leave getppid = ") != NULL);
	while ((line = strchr(line, '\n')) != NULL) {
		line++;
		lines++;
	}
	CHECK_EQ(lines, 2);
	PUT(fd, "on leave getppid off\nrun\n");
	answers();
	finish(fd);
}

TEST(read_of_nothing_advances_nothing)
{
	char c;
	int fd = held_at_enter();

	CHECK_EQ(read(fd, &c, 0), 0);
	expect_state(TRACE_STATE_HELD);
	let_go(fd);
	finish(fd);
}

TEST(nonblocking_read_that_gives_EAGAIN_has_advanced)
{
	int fd = held_at_enter();

	nothing_to_read(fd);
	answers();
	finish(fd);
}

TEST(verb_without_WHO_is_about_the_event_delivered_last)
{
	struct tracee other = tracee_start(asks_for_parent);
	int fd = held_at_enter();

	(void)other;
	PUT(fd, "return 5\nrun\n");
	CHECK_EQ(told(&t), 5);
	CHECK_EQ(tracee_end(&other), 0);
	finish(fd);
}

TEST(verb_before_the_first_event_is_about_the_process_opened)
{
	int fd = session_on(sleeps);

	REFUSED(fd, "run\n", EBUSY);
	stopped(fd, "hold stop asleep");
	PUT(fd, "run\n");
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(session_of_nobody_gives_ESRCH_and_all_of_none_is_0)
{
	int fd = open("proc:/new", O_RDWR);

	REFUSED(fd, "run\n", ESRCH);
	REFUSED(fd, "stop\n", ESRCH);
	REFUSED(fd, "return 0\n", ESRCH);
	REFUSED(fd, "args getpid 0 0 0 0 0 0\n", ESRCH);
	REFUSED(fd, "kill SIGTERM\n", ESRCH);
	REFUSED(fd, "run seq 1\n", ESRCH);
	REFUSED(fd, "run tid 1\n", ESRCH);
	REFUSED(fd, "kill SIGTERM pid 1\n", ESRCH);
	PUT(fd, "run all\n");
	PUT(fd, "stop all\n");
	PUT(fd, "kill SIGTERM all\n");
	PUT(fd, "on enter * hold\nset close kill\n");
	EXPECT_END(fd);
	close(fd);
}

TEST(session_of_one_that_ended_gives_ESRCH)
{
	int fd = session_on(sleeps);

	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	REFUSED(fd, "run\n", ESRCH);
	REFUSED(fd, "stop\n", ESRCH);
	CHECK_ERRNO(putf(fd, "run tid %d\n", (int)t.pid), ESRCH);
	CHECK_ERRNO(putf(fd, "kill SIGKILL pid %d\n", (int)t.pid), ESRCH);
	PUT(fd, "stop all\n");
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	REFUSED(fd, "run\n", ESRCH);
	close(fd);
}

TEST(seq_names_an_event_that_was_delivered)
{
	struct event e;
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	e = next_event(fd);
	CHECK_ERRNO(putf(fd, "return 9 seq %lu\n", e.seq + 1), ESTALE);
	CHECK_ERRNO(putf(fd, "run seq %lu\n", e.seq + 100), ESTALE);
	CHECK(putf(fd, "return 9 seq %lu\n", e.seq) > 0);
	CHECK(putf(fd, "run seq %lu\n", e.seq) > 0);
	CHECK_EQ(told(&t), 9);
	CHECK_ERRNO(putf(fd, "run seq %lu\n", e.seq), ESTALE);
	CHECK_ERRNO(putf(fd, "return 1 seq %lu\n", e.seq), ESTALE);
	CHECK_ERRNO(putf(fd, "run seq 0\n"), ESTALE);
	finish(fd);
}

TEST(seq_not_yet_delivered_is_ESTALE)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	REFUSED(fd, "run seq 1\n", ESTALE);
	REFUSED(fd, "return 5 seq 1\n", ESTALE);
	EXPECT(fd, "hold enter getppid");
	PUT(fd, "run seq 1\n");
	answers();
	finish(fd);
}

TEST(old_event_of_a_thread_that_is_held_again_is_ESTALE)
{
	struct event enter, leave;
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\non leave getppid hold\n");
	go(&t);
	enter = next_event(fd);
	leave = next_event(fd);
	CHECK(leave.seq > enter.seq);
	CHECK_ERRNO(putf(fd, "return 9 seq %lu\n", enter.seq), ESTALE);
	CHECK_ERRNO(putf(fd, "run seq %lu\n", enter.seq), ESTALE);
	expect_state(TRACE_STATE_HELD);
	CHECK(putf(fd, "return 10 seq %lu\n", leave.seq) > 0);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 10);
	finish(fd);
}

TEST(current_event_that_holds_no_more_is_ESTALE)
{
	int fd = held_at_enter();

	PUT(fd, "run\n");
	REFUSED(fd, "run\n", ESTALE);
	REFUSED(fd, "return 1\n", ESTALE);
	REFUSED(fd, "args getpid 0 0 0 0 0 0\n", ESTALE);
	answers();
	finish(fd);
}

TEST(logged_event_holds_nothing_so_its_verbs_are_ESTALE)
{
	int fd = held_at("on enter getppid log\n", "log enter getppid");

	REFUSED(fd, "return 1\n", ESTALE);
	REFUSED(fd, "run\n", ESTALE);
	answers();
	finish(fd);
}

TEST(tid_and_pid_that_are_not_held_are_EBUSY_and_strangers_ESRCH)
{
	int fd = session_on(asks_for_parent);

	CHECK_ERRNO(putf(fd, "run tid %d\n", (int)t.pid), EBUSY);
	CHECK_ERRNO(putf(fd, "run pid %d\n", (int)t.pid), EBUSY);
	CHECK_ERRNO(putf(fd, "return 1 tid %d\n", (int)t.pid), EBUSY);
	CHECK_ERRNO(putf(fd, "run tid %d\n", (int)getpid()), ESRCH);
	CHECK_ERRNO(putf(fd, "stop pid %d\n", (int)getpid()), ESRCH);
	CHECK_ERRNO(putf(fd, "kill SIGKILL pid %d\n", (int)getpid()), ESRCH);
	CHECK_ERRNO(putf(fd, "kill SIGKILL pid 1\n"), ESRCH);
	finish(fd);
}

TEST(only_all_tid_and_pid_let_go_of_an_event_not_yet_delivered)
{
	static const char *const words[] = {"all", "tid", "pid"};
	char line[32];
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	for (int i = 0; i < 3; i++) {
		go(&t);
		wait_state(t.pid, TRACE_STATE_HELD);
		CHECK(put(fd, "run\n") < 0);
		CHECK(put(fd, "run seq 1000\n") < 0);
		expect_state(TRACE_STATE_HELD);
		snprintf(line, sizeof line, i ? "run %s %d\n" : "run %s\n",
			 words[i], (int)t.pid);
		PUT(fd, line);
		answers();
		/* the event stays, as log */
		EXPECT(fd, "log enter getppid");
	}
	finish(fd);
}

TEST(advance_verb_lets_go_by_verb_only)
{
	int fd = held_at("set advance verb\non enter getppid hold\n",
			 "hold enter getppid");

	nothing_to_read(fd);
	nothing_to_read(fd);
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "return 4\n");
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 4);
	PUT(fd, "set advance read\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	EXPECT(fd, "hold enter getppid");
	nothing_to_read(fd);
	answers();
	finish(fd);
}

TEST(all_sessions_that_match_hold_and_the_last_lets_go)
{
	int fds[8], i;

	held_by_eight(fds, asks_for_parent, "on enter getppid hold\n",
		      "hold enter getppid");
	expect_holds(8);
	for (i = 0; i < 7; i++) {
		PUT(fds[i], "run\n");
		REFUSED(fds[i], "run\n", ESTALE);
		expect_holds(7 - i);
		expect_state(TRACE_STATE_HELD);
	}
	PUT(fds[7], "run\n");
	answers();
	for (i = 0; i < 8; i++)
		close(fds[i]);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(event_of_a_session_that_does_not_hold_is_a_log)
{
	int one, other;

	one = session_on(asks_for_parent);
	other = controller(t.pid);
	PUT(one, "on enter getppid hold\n");
	PUT(other, "on enter getppid log\n");
	go(&t);
	EXPECT(one, "hold enter getppid");
	EXPECT(other, "log enter getppid");
	REFUSED(other, "run\n", ESTALE);
	CHECK_ERRNO(putf(other, "run tid %d\n", (int)t.pid), EBUSY);
	expect_state(TRACE_STATE_HELD);
	close(other);
	expect_state(TRACE_STATE_HELD);
	finish_held(one);
}

TEST(session_may_cover_two_processes_that_hold_at_once)
{
	struct event a, b;
	char line[64];
	int fd = open("proc:/new", O_RDWR);

	/* two children born into one session */
	PUT(fd, "on end hold\nnew /bin/true true\nnew /bin/true true\n");
	a = next_event(fd);
	PUT(fd, "set advance verb\n");
	b = next_event(fd);
	CHECK_STR(a.what, "hold start");
	CHECK_STR(b.what, "hold start");
	CHECK(a.pid != b.pid);
	CHECK_EQ(status_of(a.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(status_of(b.pid).state, TRACE_STATE_HELD);
	/* the event of b is the current one; a's is named by its seq */
	snprintf(line, sizeof line, "run seq %lu\n", a.seq);
	PUT(fd, line);
	a = next_event(fd);
	CHECK_STR(a.what, "hold end exited 0");
	CHECK_EQ(status_of(b.pid).state, TRACE_STATE_HELD);
	PUT(fd, "run all\n");
	CHECK_EQ(exit_status(wait_for(a.pid)), 0);
	EXPECT(fd, "hold end exited 0");
	PUT(fd, "run\n");
	CHECK_EQ(exit_status(wait_for(b.pid)), 0);
	EXPECT_END(fd);
	close(fd);
}

TEST(two_readers_share_the_events_and_lose_none)
{
	int fd, answers[2], seen = 0;
	pid_t readers[2];

	fd = session_on(asks_for_parent);
	PUT(fd, "on enter getppid hold\nset advance verb\n");
	pipe_make(answers);
	for (int i = 0; i < 2; i++) {
		readers[i] = fork();
		if (readers[i] == 0) {
			char buf[128];
			ssize_t n;

			tester_ends_close();
			while ((n = read(fd, buf, sizeof buf)) > 0) {
				char c = strstr(buf, "hold") ? 'h' : 'e';

				CHECK_EQ(write(answers[1], &c, 1), 1);
			}
			_exit(n != 0);
		}
	}
	for (int i = 0; i < 20; i++) {
		char c;

		go(&t);
		CHECK_EQ(read(answers[0], &c, 1), 1);
		CHECK_EQ(c, 'h');
		seen++;
		let_go(fd);
	}
	CHECK_EQ(seen, 20);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(exit_status(wait_for(readers[0])), 0);
	CHECK_EQ(exit_status(wait_for(readers[1])), 0);
	close(fd);
}

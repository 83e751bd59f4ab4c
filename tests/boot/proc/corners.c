/* What reviews of the kernel have found once, and must not come back. */
#include "trace/scene.h"

TEST(current_event_of_a_process_that_has_ended_since_is_ESRCH)
{
	int fd = held_at_enter();

	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	REFUSED(fd, "return 1\n", ESRCH);
	REFUSED(fd, "run\n", ESRCH);
	REFUSED(fd, "stop\n", ESRCH);
	REFUSED(fd, "signal SIGTERM\n", ESRCH);
	REFUSED(fd, "run seq 1\n", ESRCH);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	REFUSED(fd, "run\n", ESRCH);
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGKILL);
}

/* Held at its leave, the thread is at the end of its call: its registers are
 * whole, whoever reads them how often. */
TEST(registers_of_a_thread_that_leaves_a_call_are_whole)
{
	struct trace_regs regs;
	int fd = held_at("on leave getppid hold\n", "hold leave getppid");

	for (int i = 0; i < 100; i++) {
		CHECK_EQ(regs_get(t.pid, &regs), 0);
		CHECK_EQ(regs.rax, (uint64_t)getpid());
		CHECK_EQ(regs.orig_rax, SYS_getppid);
		regs.rbx ^= 1;
		CHECK_EQ(regs_put(t.pid, &regs), 0);
	}
	finish_held(fd);
}

/* An event that holds no more, though nobody has read it, is kept as `log`:
 * 256 of them, then its hold cannot be ended so. */
TEST(run_is_ENOSPC_when_256_unread_events_are_kept)
{
	char line[64];
	int i, fd = session_on(spins);

	PUT(fd, "set advance verb\n");
	for (i = 0; i < 256; i++) {
		snprintf(line, sizeof line, "stop tid %d\n", (int)t.pid);
		PUT(fd, line);
		wait_state(t.pid, TRACE_STATE_HELD);
		snprintf(line, sizeof line, "run tid %d\n", (int)t.pid);
		PUT(fd, line);
	}
	snprintf(line, sizeof line, "stop tid %d\n", (int)t.pid);
	PUT(fd, line);
	wait_state(t.pid, TRACE_STATE_HELD);
	snprintf(line, sizeof line, "run tid %d\n", (int)t.pid);
	REFUSED(fd, line, ENOSPC);
	for (i = 0; i < 256; i++)
		EXPECT(fd, "log stop");
	EXPECT(fd, "hold stop");
	PUT(fd, line);
	finish_killed(fd);
}

static pid_t
in_ctl(const char *line)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	_exit(ctl(t.pid, line) ? errno : 0);
}

/* Whoever comes first: the stop lands and its writer goes on, or it is taken
 * back and its writer is told. */
TEST(run_in_ctl_wakes_a_stop_in_ctl_that_still_waits)
{
	int status;
	pid_t stopper;

	tracee_begin(spins);
	for (int i = 0; i < 200; i++) {
		stopper = in_ctl("stop\n");
		while (waitpid(stopper, &status, WNOHANG) == 0)
			CHECK_EQ(ctl(t.pid, "run\n"), 0);
		CHECK_EQ(status, 0);
	}
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	wait_state(t.pid, TRACE_STATE_RUNNING);
	tracee_kill(&t);
}

TEST(kill_by_seq_of_an_event_that_holds_still_reaches_its_process)
{
	int fd = held_at_enter();

	PUT(fd, "kill SIGTERM seq 1\nrun\n");
	EXPECT(fd, "log end killed SIGTERM");
	EXPECT_END(fd);
	REFUSED(fd, "kill SIGTERM seq 1\n", ESRCH);
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGTERM);
}

TEST(kill_by_seq_of_an_earlier_event_that_holds_reaches_that_one_alone)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	struct event a, b;

	PUT(fd, "set advance verb\nnew /bin/true true\nnew /bin/true true\n");
	a = next_event(fd);
	b = next_event(fd);
	CHECK(putf(fd, "kill SIGKILL seq %lu\n", a.seq) > 0);
	CHECK_EQ(exit_status(wait_for(a.pid)), 1000 + SIGKILL);
	EXPECT(fd, "log end killed SIGKILL");
	CHECK_EQ(status_of(b.pid).state, TRACE_STATE_HELD);
	CHECK_ERRNO(putf(fd, "kill SIGKILL seq %lu\n", a.seq), ESTALE);
	CHECK(putf(fd, "run seq %lu\n", b.seq) > 0);
	CHECK_EQ(exit_status(wait_for(b.pid)), 0);
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	CHECK_ERRNO(putf(fd, "kill SIGKILL seq %lu\n", a.seq), ESRCH);
	close(fd);
}

TEST(kill_by_seq_of_an_event_that_is_not_delivered_is_ESTALE)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	REFUSED(fd, "kill SIGTERM seq 1\n", ESTALE);
	finish_held(fd);
}

/* ---- signals that no handler has ---- */

TEST(signal_verb_with_SIGKILL_ends_it_when_it_is_let_go)
{
	int fd = held_at_enter();

	PUT(fd, "signal SIGKILL\n");
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "run\n");
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(signal_verb_with_SIGSTOP_stops_it_and_its_parent_hears_of_it)
{
	int fd = held_at_enter(), status;

	PUT(fd, "signal SIGSTOP\nrun\n");
	CHECK_EQ(waitpid(t.pid, &status, WUNTRACED), t.pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(WSTOPSIG(status), SIGSTOP);
	PUT(fd, "stop\n");
	EXPECT_START(fd, "hold stop");
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	expect_state(TRACE_STATE_HELD);
	finish_held(fd);
}

/* ---- a thread on its way out of a call ---- */

/* It stays in its read while the session holds it; then it parks, its result
 * there already, before anything could be told of its leave. */
static int
parked_before_leave(void)
{
	int fd = session_on(asks_for_parent);

	stopped(fd, "hold stop asleep");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	return fd;
}

TEST(registers_before_a_leave_are_whole_and_the_same_in_both_files)
{
	struct trace_regs regs, again;
	char text[2048], line[64];
	int fd = parked_before_leave(), file;
	ssize_t n;

	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.orig_rax, SYS_read);
	file = proc_open(t.pid, "regs", O_RDONLY);
	n = read(file, text, sizeof text - 1);
	CHECK(n > 0);
	text[n] = '\0';
	close(file);
	snprintf(line, sizeof line, "rsp 0x%lx\n", (unsigned long)regs.rsp);
	CHECK(strstr(text, line) != NULL);
	for (int i = 0; i < 100; i++) {
		CHECK_EQ(regs_get(t.pid, &again), 0);
		CHECK_EQ(again.rip, regs.rip);
		CHECK_EQ(again.rsp, regs.rsp);
		CHECK_EQ(again.orig_rax, SYS_read);
	}
	let_go(fd);
	finish(fd);
}

TEST(registers_before_a_leave_are_written_but_for_the_result)
{
	struct trace_regs regs, now;
	int fd = parked_before_leave();

	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_ERRNO(regs_write(t.pid, "rax 7\n"), EBUSY);
	regs.rax++;
	CHECK_ERRNO(regs_put(t.pid, &regs), EBUSY);
	regs.rax--;
	CHECK_EQ(regs_write(t.pid, "r8 0x5555\n"), 0);
	regs.r8 = 0x5555;
	regs.r9 = 0x6666;
	CHECK_EQ(regs_put(t.pid, &regs), 0);
	CHECK_EQ(regs_get(t.pid, &now), 0);
	CHECK_EQ(now.r8, 0x5555);
	CHECK_EQ(now.r9, 0x6666);
	let_go(fd);
	finish(fd);
}

/* Nobody holds it and it is not asleep, however often one tries. */
TEST(registers_of_a_thread_let_go_from_its_leave_are_EBUSY_or_of_its_next_call)
{
	struct trace_regs regs;

	for (int i = 0; i < 50; i++) {
		int fd = held_at("on leave getppid hold\n",
				 "hold leave getppid"),
		    error;

		PUT(fd, "on leave getppid off\nrun\n");
		error = regs_get(t.pid, &regs) ? errno : 0;
		if (error)
			CHECK_EQ(error, EBUSY);
		else
			CHECK(regs.orig_rax == SYS_write ||
			      regs.orig_rax == SYS_read);
		CHECK_ERRNO(regs_write(t.pid, "rbx 1\n"), EBUSY);
		answers();
		tester_end_count = 0;
		finish(fd);
	}
}

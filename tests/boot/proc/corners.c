/* What reviews of the kernel have found once, and must not come back. */
#include "trace/tracing.h"

static struct tracee t;
static int fd;

static void
held(const char *rules)
{
	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	PUT(fd, rules);
	go(&t);
}

TEST(current_event_of_a_process_that_has_ended_since_is_ESRCH)
{
	held("on enter getppid hold\n");
	CHECK(strstr(next_line(fd), "hold enter getppid"));
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

	held("on leave getppid hold\n");
	CHECK(strstr(next_line(fd), "hold leave getppid"));
	for (int i = 0; i < 100; i++) {
		CHECK_EQ(regs_get(t.pid, &regs), 0);
		CHECK_EQ(regs.rax, (uint64_t)getpid());
		CHECK_EQ(regs.orig_rax, SYS_getppid);
		regs.rbx ^= 1;
		CHECK_EQ(regs_put(t.pid, &regs), 0);
	}
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

/* An event that holds no more, though nobody has read it, is kept as `log`:
 * 256 of them, then its hold cannot be ended so. */
TEST(run_is_ENOSPC_when_256_unread_events_are_kept)
{
	char line[64];
	int i;

	t = tracee_start(spins);
	fd = controller(t.pid);
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
	close(fd);
	tracee_kill(&t);
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

	t = tracee_start(spins);
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
	held("on enter getppid hold\n");
	CHECK(strstr(next_line(fd), "hold enter getppid"));
	PUT(fd, "kill SIGTERM seq 1\nrun\n");
	EXPECT(fd, "log end killed SIGTERM");
	EXPECT_END(fd);
	REFUSED(fd, "kill SIGTERM seq 1\n", ESRCH);
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGTERM);
}

TEST(kill_by_seq_of_an_event_that_is_not_delivered_is_ESTALE)
{
	held("on enter getppid hold\n");
	wait_state(t.pid, TRACE_STATE_HELD);
	REFUSED(fd, "kill SIGTERM seq 1\n", ESTALE);
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

/*
 * Opening a session: observers and controllers, how many there may be, who
 * keeps whom out.
 */
#include "trace/tracing.h"

#define SESSIONS 8

TEST(opening_alone_neither_stops_nor_slows)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fds[SESSIONS];

	for (int i = 0; i < SESSIONS; i++)
		fds[i] = controller(t.pid);
	for (int i = 0; i < 10; i++) {
		go(&t);
		CHECK_EQ(told(&t), getpid());
	}
	CHECK_EQ(status_of(t.pid).holds, 0);
	for (int i = 0; i < SESSIONS; i++)
		close(fds[i]);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(at_most_eight_sessions_are_on_a_process)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fds[SESSIONS];

	for (int i = 0; i < SESSIONS; i++)
		fds[i] = proc_open(t.pid, "trace", i % 2 ? O_RDWR : O_RDONLY);
	CHECK_EQ(status_of(t.pid).tracers, SESSIONS);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), ENOSPC);
	CHECK_ERRNO(proc_try(t.pid, "trace.bin", O_RDONLY), ENOSPC);
	close(fds[3]);
	CHECK_EQ(status_of(t.pid).tracers, SESSIONS - 1);
	fds[3] = controller(t.pid);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDONLY), ENOSPC);
	for (int i = 0; i < SESSIONS; i++)
		close(fds[i]);
	CHECK_EQ(status_of(t.pid).tracers, 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(observer_logs_from_its_first_read_on)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	char c;

	go(&t);
	CHECK_EQ(told(&t), getpid());
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_ERRNO(read(fd, &c, 1), EAGAIN);
	go(&t);
	CHECK_EQ(told(&t), getpid());
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(strncmp(next_event(fd).what, "log leave read ", 15), 0);
	CHECK_EQ(strncmp(next_event(fd).what, "log leave getppid = ", 20), 0);
	CHECK_EQ(strncmp(next_event(fd).what, "log leave write ", 16), 0);
	CHECK_ERRNO(read(fd, &c, 1), EAGAIN);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(strncmp(next_event(fd).what, "log leave read ", 15), 0);
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
}

TEST(observer_never_edits)
{
	static const char *const lines[] = {"on enter * hold\n",
					    "run\n",
					    "stop\n",
					    "return 1\n",
					    "kill SIGTERM\n",
					    "set close kill\n",
					    "nonsense\n",
					    "x"};
	struct tracee t = tracee_start(asks_for_parent);
	int fd = proc_open(t.pid, "trace", O_RDONLY);
	int bin = proc_open(t.pid, "trace.bin", O_RDONLY);
	struct trace_verb stop = {.verb = TRACE_VERB_stop};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		REFUSED(fd, lines[i], EBADF);
	CHECK_ERRNO(put_verb(bin, stop), EBADF);
	go(&t);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exclusive_open_wants_no_other_controller)
{
	struct tracee t = tracee_start(sleeps);
	int first = controller(t.pid), observer, only;

	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR | O_EXCL), EEXIST);
	close(first);
	observer = proc_open(t.pid, "trace", O_RDONLY);
	only = proc_open(t.pid, "trace", O_RDWR | O_EXCL);
	close(observer);
	close(only);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exclusive_controller_keeps_the_others_out_while_it_is_open)
{
	struct tracee t = tracee_start(sleeps);
	int only = proc_open(t.pid, "trace", O_RDWR | O_EXCL);

	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), EBUSY);
	CHECK_ERRNO(proc_try(t.pid, "trace.bin", O_RDWR), EBUSY);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR | O_EXCL), EBUSY);
	close(proc_open(t.pid, "trace", O_RDONLY));
	close(proc_open(t.pid, "trace", O_RDONLY | O_EXCL));
	close(only);
	close(controller(t.pid));
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exclusive_does_not_cover_ctl_regs_and_mem)
{
	struct tracee t = tracee_start(sleeps);
	int only = proc_open(t.pid, "trace", O_RDWR | O_EXCL);

	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	close(proc_open(t.pid, "regs", O_RDWR));
	close(proc_open(t.pid, "mem", O_RDWR));
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	close(only);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(each_open_is_a_session_of_its_own)
{
	struct tracee t = tracee_start(asks_for_parent);
	int one = controller(t.pid), other = controller(t.pid);

	PUT(one, "on enter getppid hold\n");
	PUT(other, "on leave getppid hold\n");
	go(&t);
	EXPECT(one, "hold enter getppid");
	PUT(one, "run\n");
	CHECK_EQ(strncmp(next_event(other).what, "hold leave getppid", 18), 0);
	close(other);
	close(one);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(dup_and_fork_share_a_session)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid), copy = dup(fd);
	pid_t child;

	CHECK_EQ(status_of(t.pid).tracers, 1);
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	child = fork();
	if (child == 0) {
		struct event e = next_event(copy);

		_exit(strcmp(e.what, "hold enter getppid") != 0);
	}
	CHECK_EQ(exit_status(wait_for(child)), 0);
	/* the child's last descriptor was not the session's last one */
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(status_of(t.pid).tracers, 1);
	close(fd);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	PUT(copy, "run\n");
	CHECK_EQ(told(&t), getpid());
	close(copy);
	CHECK_EQ(status_of(t.pid).tracers, 0);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- who may trace whom: no circle ---- */

TEST(nobody_traces_itself)
{
	CHECK_ERRNO(proc_try(getpid(), "trace", O_RDWR), EDEADLK);
	CHECK_ERRNO(open("proc:/self/trace", O_RDWR), EDEADLK);
	CHECK_ERRNO(open("proc:/self/mem", O_RDWR), EDEADLK);
	CHECK_ERRNO(open("proc:/self/regs", O_WRONLY), EDEADLK);
	close(open("proc:/self/mem", O_RDONLY));
}

TEST(init_is_traced_by_nobody)
{
	CHECK_ERRNO(proc_try(1, "trace", O_RDWR), EACCES);
	CHECK_ERRNO(proc_try(1, "mem", O_RDWR), EACCES);
	CHECK_ERRNO(proc_try(1, "regs", O_WRONLY), EACCES);
	CHECK_ERRNO(ctl(1, "stop\n"), EACCES);
	close(proc_open(1, "status", O_RDONLY));
}

/* Opens a session on whom it is told, tells the errno. */
static void
traces_whom_it_is_told(const struct tracee *t)
{
	int32_t pid;

	while (read(t->in, &pid, sizeof pid) == sizeof pid)
		tell(t, proc_try(pid, "trace", O_RDWR) < 0 ? errno : 0);
}

static int64_t
have_it_trace(const struct tracee *t, pid_t pid)
{
	int32_t whom = pid;

	CHECK_EQ(write(t->to, &whom, sizeof whom), sizeof whom);
	return told(t);
}

TEST(circle_of_two_tracers_is_refused)
{
	struct tracee a = tracee_start(traces_whom_it_is_told);
	struct tracee b = tracee_start(traces_whom_it_is_told);

	CHECK_EQ(have_it_trace(&a, b.pid), 0);
	CHECK_EQ(have_it_trace(&b, a.pid), EDEADLK);
	CHECK_EQ(tracee_end(&a), 0);
	CHECK_EQ(status_of(b.pid).tracers, 0);
	CHECK_EQ(tracee_end(&b), 0);
}

TEST(circle_of_three_tracers_is_refused)
{
	struct tracee a = tracee_start(traces_whom_it_is_told);
	struct tracee b = tracee_start(traces_whom_it_is_told);
	struct tracee c = tracee_start(traces_whom_it_is_told);

	CHECK_EQ(have_it_trace(&a, b.pid), 0);
	CHECK_EQ(have_it_trace(&b, c.pid), 0);
	CHECK_EQ(have_it_trace(&c, a.pid), EDEADLK);
	CHECK_EQ(have_it_trace(&a, c.pid), 0);
	CHECK_EQ(tracee_end(&a), 0);
	CHECK_EQ(tracee_end(&b), 0);
	CHECK_EQ(tracee_end(&c), 0);
}

TEST(tracer_cannot_be_traced_by_its_tracee_and_may_be_when_it_is_done)
{
	struct tracee t = tracee_start(traces_whom_it_is_told);
	int fd = controller(t.pid);

	CHECK_EQ(have_it_trace(&t, getpid()), EDEADLK);
	close(fd);
	CHECK_EQ(have_it_trace(&t, getpid()), 0);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), EDEADLK);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(tracer_may_itself_be_traced)
{
	struct tracee a = tracee_start(traces_whom_it_is_told);
	struct tracee b = tracee_start(asks_for_parent);
	int fd = controller(a.pid);

	CHECK_EQ(have_it_trace(&a, b.pid), 0);
	PUT(fd, "on enter read hold\n");
	close(fd);
	CHECK_EQ(tracee_end(&a), 0);
	CHECK_EQ(tracee_end(&b), 0);
}

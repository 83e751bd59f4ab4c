/*
 * Events of a life: fork, exec and end, what each says and in which order they
 * come.
 */
#include "trace/scene.h"

static void
forks(const struct tracee *u)
{
	pid_t pid;

	await(u);
	pid = fork();
	if (pid == 0)
		_exit(3);
	tell(u, pid);
	tell(u, exit_status(wait_for(pid)));
}

TEST(fork_tells_the_childs_pid_and_the_child_is_no_target)
{
	char line[80];
	int64_t child;
	int fd, children = 0;

	t = tracee_start(forks);
	fd = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_ERRNO(read(fd, line, 1), EAGAIN);
	CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
	go(&t);
	child = told(&t);
	CHECK_EQ(told(&t), 3);
	CHECK_EQ(tracee_end(&t), 0);
	EXPECT_START(fd, "log leave read ");
	snprintf(line, sizeof line, "log fork %d", (int)child);
	EXPECT(fd, line);
	snprintf(line, sizeof line, "log leave fork = %d", (int)child);
	EXPECT(fd, line);
	snprintf(line, sizeof line,
		 "log signal SIGCHLD code 1 pid %d uid 0 status 3", (int)child);
	for (;;) {
		struct event e = next_event(fd);

		CHECK_EQ(e.pid, t.pid);
		if (strcmp(e.what, "log end exited 0") == 0)
			break;
		if (strcmp(e.what, line) == 0)
			children++;
		else
			CHECK_EQ(strncmp(e.what, "log leave ", 10), 0);
	}
	CHECK_EQ(children, 1);
	EXPECT_END(fd);
	close(fd);
}

TEST(successful_exec_leaves_with_0_after_exec_in_the_new_image)
{
	struct event e;
	struct trace_regs regs;
	uint64_t ip;
	int fd = held_in(
		becomes_true,
		"on enter execve hold\non leave execve hold\non exec hold\n",
		"hold enter execve 0x");

	CHECK_EQ(regs_get(t.pid, &regs), 0);
	ip = regs.rip;
	EXPECT(fd, "hold exec /bin/true");
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK(regs.rip != ip);
	CHECK_EQ(regs.orig_rax, SYS_execve);
	CHECK_STR(status_of(t.pid).name, "true");
	e = next_event(fd);
	CHECK_EQ(strncmp(e.what, "hold leave execve 0x", 20), 0);
	CHECK_STR(strstr(e.what, " = "), " = 0");
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	finish(fd);
}

static void
execs_nothing(const struct tracee *u)
{
	await(u);
	tell(u, execl("/no/such", "x", (char *)NULL) < 0 ? errno : 0);
	tell(u, execl("/bin", "x", (char *)NULL) < 0 ? errno : 0);
}

TEST(failed_exec_makes_no_exec_event)
{
	struct event e;
	int fd = session_on(execs_nothing);

	PUT(fd, "on leave execve log\non exec hold\n");
	go(&t);
	e = next_event(fd);
	CHECK_STR(strstr(e.what, " = "), " = -ENOENT");
	CHECK_EQ(told(&t), ENOENT);
	e = next_event(fd);
	CHECK(strstr(e.what, " = -E") != NULL);
	close(fd);
	CHECK(told(&t) != 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exec_path_is_escaped_so_that_a_line_splits_at_spaces)
{
	int fd, to, from;
	char buf[4096];
	ssize_t n;

	from = open("/bin/true", O_RDONLY);
	to = open("/tmp/a b%c\n", O_CREAT | O_WRONLY | O_TRUNC, 0755);
	while ((n = read(from, buf, sizeof buf)) > 0)
		CHECK_EQ(write(to, buf, (size_t)n), n);
	close(to);
	fd = open("proc:/new", O_RDWR);
	PUT(fd, "on exec hold\nnew /tmp/a%20b%25c%0a x\n");
	EXPECT(fd, "hold start");
	PUT(fd, "on end hold\n");
	EXPECT(fd, "hold end exited 0");
	close(fd);
	wait(NULL);
	unlink("/tmp/a b%c\n");
}

static void
exits_with(const struct tracee *u)
{
	_exit(await(u));
}

TEST(end_tells_the_exit_status)
{
	static const int statuses[] = {0, 1, 127, 255};
	char line[64];

	for (int i = 0; i < 4; i++) {
		char status = (char)statuses[i];
		int fd;

		t = tracee_start(exits_with);
		fd = controller(t.pid);
		CHECK_EQ(write(t.to, &status, 1), 1);
		snprintf(line, sizeof line, "log end exited %d", statuses[i]);
		EXPECT(fd, line);
		EXPECT_END(fd);
		close(fd);
		CHECK_EQ(tracee_end(&t), statuses[i]);
	}
}

TEST(end_tells_the_signal_that_killed_it)
{
	struct trace_event e;
	int fd, bin;

	fd = session_on(sleeps);
	bin = controller_bin(t.pid);
	CHECK_EQ(kill(t.pid, SIGTERM), 0);
	EXPECT(fd, "log end killed SIGTERM");
	EXPECT_END(fd);
	e = packed(bin);
	CHECK_EQ(e.type, TRACE_EV_end);
	CHECK_EQ(e.flags, TRACE_EF_SIGNALED);
	CHECK_EQ(e.word[0], SIGTERM);
	CHECK_EQ(next_packed(bin, &e, NULL), 0);
	close(fd);
	close(bin);
	CHECK_EQ(tracee_end(&t), 1000 + SIGTERM);
}

static void
crashes(const struct tracee *u)
{
	await(u);
	__asm__ volatile("movl $1, 8" ::: "memory");
}

TEST(end_tells_the_signal_of_an_exception)
{
	int fd = held_in(crashes, "on end hold\n", "hold end killed SIGSEGV");

	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGSEGV);
}

TEST(at_end_memory_and_registers_are_still_there)
{
	static const char text[] = "still there";
	struct trace_regs regs;
	char seen[sizeof text];
	int fd, mem;

	fd = held_in(sleeps, "on end hold\n", "hold end exited 0");
	mem = proc_open(t.pid, "mem", O_RDONLY);
	CHECK_EQ(pread(mem, seen, sizeof seen, (off_t)(uintptr_t)text),
		 sizeof seen);
	CHECK_STR(seen, text);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.orig_rax, SYS_exit);
	close(proc_open(t.pid, "maps", O_RDONLY));
	expect_state(TRACE_STATE_HELD);
	finish(fd);
	CHECK_EQ(pread(mem, seen, 1, (off_t)(uintptr_t)text), 0);
	close(mem);
}

TEST(session_that_joins_while_another_holds_the_end_hears_of_it)
{
	int fd, late;

	fd = held_in(sleeps, "on end hold\n", "hold end exited 0");
	late = controller(t.pid);
	close(fd);
	EXPECT(late, "log end exited 0");
	EXPECT_END(late);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), ESRCH);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDONLY), ESRCH);
	finish(late);
}

TEST(exit_never_leaves)
{
	int fd = held_in(sleeps, "on enter exit log\non leave exit hold\n",
			 "log enter exit 0x0");

	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	finish(fd);
}

TEST(end_comes_rule_or_not_and_events_unread_at_exit_are_kept)
{
	int fd, observer;

	fd = session_on(asks_for_parent);
	observer = proc_open(t.pid, "trace", O_RDONLY);
	PUT(fd, "on end off\non enter getppid log\n");
	asks_times(100);
	CHECK_EQ(tracee_end(&t), 0);
	for (int i = 0; i < 100; i++)
		EXPECT(fd, "log enter getppid");
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	EXPECT(observer, "log end exited 0");
	EXPECT_END(observer);
	close(fd);
	close(observer);
}

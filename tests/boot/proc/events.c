/*
 * The events: what each says, in text and packed, in which order they come, and
 * that none is lost.
 */
#include <stddef.h>
#include "trace/tracing.h"

static struct tracee t;

/* ---- the packed record ---- */

static void
asks_with_six(const struct tracee *u)
{
	await(u);
	tell(u, call6(SYS_getuid, 0x1111111111111111, 0x2222222222222222, 3,
		      UINT64_MAX, 5, 0x6666666666666666));
	await(u);
}

static void
check_words(const struct trace_event *e, const uint64_t *words, int count)
{
	for (int i = 0; i < 10; i++)
		CHECK_EQ(e->word[i], i < count ? words[i] : 0);
}

static uint64_t
now_ns(void)
{
	struct timespec now;

	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

TEST(packed_enter_and_leave_have_all_their_fields_and_zero_the_rest)
{
	const uint64_t words[9] = {SYS_getuid,
				   0x1111111111111111,
				   0x2222222222222222,
				   3,
				   UINT64_MAX,
				   5,
				   0x6666666666666666,
				   0,
				   0};
	uint64_t before = now_ns(), elapsed;
	struct trace_event enter, leave;
	struct trace_regs regs;
	int fd;

	t = tracee_start(asks_with_six);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "on enter getuid hold\non leave getuid hold\n") > 0);
	go(&t);
	enter = packed(fd);
	CHECK_EQ(enter.size, TRACE_EVENT_SIZE);
	CHECK_EQ(enter.type, TRACE_EV_enter);
	CHECK_EQ(enter.flags, TRACE_EF_HOLD);
	CHECK_EQ(enter.pid, t.pid);
	CHECK_EQ(enter.tid, t.pid);
	CHECK(enter.time_ns >= before && enter.time_ns <= now_ns());
	check_words(&enter, words, 7);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(enter.ip, regs.rip);
	CHECK_EQ(enter.sp, regs.rsp);
	leave = packed(fd);
	CHECK_EQ(leave.size, TRACE_EVENT_SIZE);
	CHECK_EQ(leave.type, TRACE_EV_leave);
	CHECK_EQ(leave.flags, TRACE_EF_HOLD);
	CHECK(leave.seq > enter.seq);
	CHECK(leave.time_ns >= enter.time_ns);
	elapsed = leave.word[8];
	CHECK(elapsed < 1000000000);
	leave.word[8] = 0;
	check_words(&leave, words, 9);
	CHECK_EQ(leave.ip, enter.ip);
	close(fd);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
sleeps_then_naps(const struct tracee *u)
{
	const struct timespec nap = {.tv_nsec = 30000000};

	await(u);
	tell(u, call3(SYS_nanosleep, (uintptr_t)&nap, 0, 0));
	await(u);
}

TEST(time_of_a_leave_is_that_of_the_call_without_time_held)
{
	struct trace_event e;
	uint64_t until;
	int fd;

	t = tracee_start(sleeps_then_naps);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "on enter nanosleep hold\n"
			   "on leave nanosleep log\n") > 0);
	go(&t);
	e = packed(fd);
	until = now_ns() + 200000000;
	while (now_ns() < until)
		;
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_leave);
	CHECK(e.word[8] >= 30000000);
	CHECK(e.word[8] < 200000000);
	CHECK_EQ(told(&t), 0);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
becomes_true(const struct tracee *u)
{
	await(u);
	execl("/bin/true", "true", (char *)NULL);
	_exit(1);
}

TEST(exec_carries_its_path_with_zero_padding)
{
	static const char path[] = "/bin/true";
	struct trace_payload payload;
	struct trace_event e;
	char bytes[64];
	int fd;

	t = tracee_start(becomes_true);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "on exec hold\n") > 0);
	go(&t);
	memset(bytes, 'x', sizeof bytes);
	CHECK_EQ(next_packed(fd, &e, bytes), 1);
	CHECK_EQ(e.type, TRACE_EV_exec);
	CHECK_EQ(e.flags, TRACE_EF_HOLD);
	CHECK_EQ(e.size, TRACE_EVENT_SIZE + sizeof payload + 16);
	memcpy(&payload, bytes, sizeof payload);
	CHECK_EQ(payload.kind, TRACE_PAYLOAD_PATH);
	CHECK_EQ(payload.argument, 0);
	CHECK_EQ(payload.length, strlen(path));
	CHECK_EQ(memcmp(bytes + sizeof payload, path, strlen(path)), 0);
	for (size_t i = strlen(path); i < 16; i++)
		CHECK_EQ(bytes[sizeof payload + i], 0);
	check_words(&e, NULL, 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(packed_read_that_fits_no_event_is_EMSGSIZE_and_loses_nothing)
{
	char buf[TRACE_EVENT_SIZE + 64];
	struct trace_event e;
	int fd;

	t = tracee_start(becomes_true);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "on exec hold\non end log\n") > 0);
	go(&t);
	for (size_t size = 1; size < TRACE_EVENT_SIZE + 24; size++)
		CHECK_ERRNO(read(fd, buf, size), EMSGSIZE);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(read(fd, buf, TRACE_EVENT_SIZE + 24), TRACE_EVENT_SIZE + 24);
	memcpy(&e, buf, sizeof e);
	CHECK_EQ(e.type, TRACE_EV_exec);
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_end);
	CHECK_EQ(next_packed(fd, &e, NULL), 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(read_into_an_unmapped_buffer_is_EFAULT_and_loses_nothing)
{
	int fd, bin;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	bin = controller_bin(t.pid);
	PUT(fd, "on enter getppid hold\n");
	CHECK(put_text(bin, "on enter getppid hold\n") > 0);
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	for (int i = 0; i < 3; i++) {
		CHECK_ERRNO(read(fd, (void *)16, 100), EFAULT);
		CHECK_ERRNO(read(bin, (void *)0xffff800000000000, 200), EFAULT);
	}
	CHECK_EQ(status_of(t.pid).holds, 2);
	EXPECT(fd, "hold enter getppid");
	CHECK_EQ(packed(bin).type, TRACE_EV_enter);
	close(fd);
	close(bin);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(packed_read_returns_whole_events)
{
	struct trace_event e[8];
	ssize_t n;
	int fd;

	t = tracee_start(asks_for_parent);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "on enter getppid log\n") > 0);
	for (int i = 0; i < 5; i++) {
		go(&t);
		CHECK_EQ(told(&t), getpid());
	}
	n = read(fd, e, 3 * TRACE_EVENT_SIZE + 100);
	CHECK_EQ(n, 3 * TRACE_EVENT_SIZE);
	CHECK_EQ(read(fd, e + 3, sizeof e - (size_t)n), 2 * TRACE_EVENT_SIZE);
	for (int i = 0; i < 5; i++) {
		CHECK_EQ(e[i].type, TRACE_EV_enter);
		CHECK_EQ(e[i].flags, 0);
		CHECK(i == 0 || e[i].seq > e[i - 1].seq);
		CHECK(i == 0 || e[i].time_ns >= e[i - 1].time_ns);
	}
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- fork, exec, end ---- */

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
	CHECK_EQ(strncmp(next_event(fd).what, "log leave read ", 15), 0);
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
	int fd;

	t = tracee_start(becomes_true);
	fd = controller(t.pid);
	PUT(fd, "on enter execve hold\non leave execve hold\non exec hold\n");
	go(&t);
	CHECK_EQ(strncmp(next_event(fd).what, "hold enter execve 0x", 20), 0);
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
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
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
	int fd;

	t = tracee_start(execs_nothing);
	fd = controller(t.pid);
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

	t = tracee_start(sleeps);
	fd = controller(t.pid);
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
	int fd;

	t = tracee_start(crashes);
	fd = controller(t.pid);
	PUT(fd, "on end hold\n");
	go(&t);
	EXPECT(fd, "hold end killed SIGSEGV");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGSEGV);
}

TEST(at_end_memory_and_registers_are_still_there)
{
	static const char text[] = "still there";
	struct trace_regs regs;
	char seen[sizeof text];
	int fd, mem;

	t = tracee_start(sleeps);
	fd = controller(t.pid);
	PUT(fd, "on end hold\n");
	go(&t);
	EXPECT(fd, "hold end exited 0");
	mem = proc_open(t.pid, "mem", O_RDONLY);
	CHECK_EQ(pread(mem, seen, sizeof seen, (off_t)(uintptr_t)text),
		 sizeof seen);
	CHECK_STR(seen, text);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.orig_rax, SYS_exit);
	close(proc_open(t.pid, "maps", O_RDONLY));
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(pread(mem, seen, 1, (off_t)(uintptr_t)text), 0);
	close(mem);
}

TEST(session_that_joins_while_another_holds_the_end_hears_of_it)
{
	int fd, late;

	t = tracee_start(sleeps);
	fd = controller(t.pid);
	PUT(fd, "on end hold\n");
	go(&t);
	EXPECT(fd, "hold end exited 0");
	late = controller(t.pid);
	close(fd);
	EXPECT(late, "log end exited 0");
	EXPECT_END(late);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), ESRCH);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDONLY), ESRCH);
	close(late);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exit_never_leaves)
{
	int fd;

	t = tracee_start(sleeps);
	fd = controller(t.pid);
	PUT(fd, "on enter exit log\non leave exit hold\n");
	go(&t);
	EXPECT(fd, "log enter exit 0x0");
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(end_comes_rule_or_not_and_events_unread_at_exit_are_kept)
{
	int fd, observer;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	observer = proc_open(t.pid, "trace", O_RDONLY);
	PUT(fd, "on end off\non enter getppid log\n");
	for (int i = 0; i < 100; i++) {
		go(&t);
		CHECK_EQ(told(&t), getpid());
	}
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

/* ---- readers that wait ---- */

static void
asks_once_and_spins(const struct tracee *u)
{
	await(u);
	call0(SYS_getuid);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

TEST(logged_event_wakes_a_reader_though_its_thread_runs_on)
{
	int fd;

	t = tracee_start(asks_once_and_spins);
	fd = controller(t.pid);
	PUT(fd, "on enter getuid log\n");
	go(&t);
	EXPECT(fd, "log enter getuid");
	close(fd);
	tracee_kill(&t);
}

/* ---- a full queue ---- */

static void
floods(const struct tracee *u)
{
	await(u);
	for (int i = 0; i < 5000; i++)
		call0(SYS_getuid);
	tell(u, 0);
	await(u);
	call0(SYS_getppid);
	tell(u, 0);
	await(u);
}

TEST(observer_that_does_not_read_loses_events_and_learns_how_many)
{
	unsigned long lost = 0, seen = 0;
	struct event e;
	int fd;

	t = tracee_start(floods);
	fd = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	CHECK_ERRNO(read(fd, &e, 1), EAGAIN);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
	do {
		unsigned long n;

		e = next_event(fd);
		if (sscanf(e.what, "log lost %lu", &n) == 1)
			lost += n;
		else
			seen++;
	} while (strncmp(e.what, "log end ", 8) != 0);
	EXPECT_END(fd);
	CHECK(lost > 0);
	/* reads, getuids, write, read, getppid, write, read, closes, end */
	CHECK(seen + lost >= 5007);
	CHECK(seen + lost <= 5012);
	close(fd);
}

TEST(controllers_tracee_waits_for_room_and_no_event_is_lost)
{
	unsigned long seen = 0;
	struct event e;
	int fd;

	t = tracee_start(floods);
	fd = controller(t.pid);
	PUT(fd, "on enter getuid log\n");
	go(&t);
	do {
		e = next_event(fd);
		CHECK_STR(e.what, "log enter getuid");
	} while (++seen < 5000);
	CHECK_EQ(told(&t), 0);
	close(fd);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(tracee_that_waits_for_room_goes_on_at_close)
{
	int fd;

	t = tracee_start(floods);
	fd = controller(t.pid);
	PUT(fd, "on enter getuid log\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	close(fd);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(tracee_that_waits_for_room_is_killable_and_its_end_comes)
{
	struct event e;
	int fd, seen = 0;

	t = tracee_start(floods);
	fd = controller(t.pid);
	PUT(fd, "on enter getuid log\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	go(&t);
	sched_yield();
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	tracee_kill(&t);
	for (;;) {
		e = next_event(fd);
		if (strcmp(e.what, "log enter getuid") != 0)
			break;
		seen++;
	}
	CHECK_STR(e.what, "log end killed SIGKILL");
	CHECK(seen > 0);
	EXPECT_END(fd);
	close(fd);
}

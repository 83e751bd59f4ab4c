/*
 * Rules that count: proc:/<pid>/calls, exact, there until the process is
 * reaped.
 */
#include <sys/mman.h>
#include "trace/handled.h"

/* What `calls` says of a call: its line without the name; "": nothing. */
struct counted {
	unsigned long long count, errors, ns;
};

static const char *
calls_of(pid_t pid)
{
	static char text[16384];
	int file = proc_open(pid, "calls", O_RDONLY);
	ssize_t n = read(file, text, sizeof text - 1);

	CHECK(n >= 0);
	text[n] = '\0';
	close(file);
	return text;
}

static struct counted
counted(const char *name)
{
	struct counted c = {0, 0, 0};
	const char *at = calls_of(t.pid);
	size_t length = strlen(name);

	while (*at && (strncmp(at, name, length) != 0 || at[length] != ' '))
		at = strchr(at, '\n') + 1;
	if (*at)
		CHECK_EQ(sscanf(at + length, " %llu %llu %llu\n", &c.count,
				&c.errors, &c.ns),
			 3);
	return c;
}

static void
expect_count(const char *name, unsigned long long count,
	     unsigned long long errors)
{
	struct counted c = counted(name);

	CHECK_EQ(c.count, count);
	CHECK_EQ(c.errors, errors);
}

TEST(calls_are_counted_while_a_rule_names_them)
{
	start(asks_for_parent, "");
	CHECK_STR(calls_of(t.pid), "");
	PUT(fd, "on enter getppid count\n");
	CHECK_STR(calls_of(t.pid), "");
	asks_times(10);
	expect_count("getppid", 10, 0);
	expect_count("read", 0, 0);
	PUT(fd, "on enter getppid off\n");
	asks_times(3);
	PUT(fd, "on leave getppid,getpid count\n");
	asks_times(5);
	expect_count("getppid", 15, 0);
	nothing_to_read(fd);
	close(fd);
	asks_times(2);
	expect_count("getppid", 15, 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(call_that_is_named_twice_counts_once)
{
	int other;

	start(asks_for_parent, "on enter * count\non leave * count\n");
	other = controller(t.pid);
	PUT(other, "on leave getppid count\n");
	asks_times(7);
	expect_count("getppid", 7, 0);
	close(other);
	finish(fd);
}

TEST(rule_that_is_newer_decides_whether_it_counts)
{
	start(asks_for_parent,
	      "on enter * count\non enter getppid off\non leave getppid log\n");
	asks();
	EXPECT_START(fd, "log leave getppid = ");
	CHECK_EQ(counted("getppid").count, 0);
	CHECK_EQ(counted("write").count, 1);
	PUT(fd, "on leave getppid off\non enter getppid return 5\n");
	go(&t);
	CHECK_EQ(told(&t), 5);
	CHECK_EQ(counted("getppid").count, 0);
	finish(fd);
}

static void
fails_and_wins(const struct tracee *u)
{
	await(u);
	for (int i = 0; i < 30; i++)
		call3(SYS_close, i % 3 ? (uint64_t)-1 : (uint64_t)dup(0), 0, 0);
	call6(77, 0, 0, 0, 0, 0, 0);
	call6(78, 0, 0, 0, 0, 0, 0);
	call6(99, 0, 0, 0, 0, 0, 0);
	tell(u, 0);
	await(u);
	_exit(3);
}

TEST(errors_are_counted_and_calls_without_a_name_are_one_line)
{
	start(fails_and_wins, "on leave close,77,78,exit count\n");
	go(&t);
	CHECK_EQ(told(&t), 0);
	expect_count("close", 30, 20);
	expect_count("#other", 2, 2);
	go(&t);
	EXPECT(fd, "log end exited 3");
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	close(fd);
	expect_count("exit", 1, 0); /* though it never leaves */
	expect_count("close", 30, 20);
	CHECK_EQ(tracee_end(&t), 3);
	CHECK_ERRNO(proc_try(t.pid, "calls", O_RDONLY), ENOENT);
}

TEST(call_that_is_not_run_counts_with_the_result_it_was_given)
{
	int other;

	start(asks_for_parent, "on enter getppid return -EPERM\n");
	other = controller(t.pid);
	PUT(other, "on leave getppid count\n");
	go(&t);
	CHECK_EQ(told(&t), -EPERM);
	expect_count("getppid", 1, 1);
	PUT(fd, "on enter getppid off\non leave getppid return -EPERM\n");
	go(&t);
	CHECK_EQ(told(&t), -EPERM);
	expect_count("getppid", 2, 2);
	close(other);
	finish(fd);
}

TEST(call_counts_as_it_was_finally_run)
{
	int other;

	start(asks_for_parent, "on enter getppid hold\n");
	other = controller(t.pid);
	PUT(other, "on enter getpid,getppid count\n");
	go(&t);
	EXPECT(fd, "hold enter getppid");
	PUT(fd, "args getpid 0 0 0 0 0 0\nrun\n");
	CHECK_EQ(told(&t), t.pid);
	expect_count("getpid", 1, 0);
	expect_count("getppid", 0, 0);
	close(other);
	finish(fd);
}

static void
sleeps_once(const struct tracee *u)
{
	const struct timespec time = {.tv_nsec = 5000000};

	await(u);
	call3(SYS_nanosleep, (uint64_t)(uintptr_t)&time, 0, 0);
	tell(u, 0);
	await(u);
}

static void
pause_for(long ms)
{
	const struct timespec time = {.tv_nsec = ms * 1000000};

	nanosleep(&time, NULL);
}

TEST(time_is_that_of_the_call_without_holds_and_delays)
{
	int other;

	start(sleeps_once,
	      "on enter nanosleep hold\non leave nanosleep hold\n");
	other = controller(t.pid);
	PUT(other, "on enter nanosleep,write count\n");
	go(&t);
	EXPECT_START(fd, "hold enter nanosleep ");
	pause_for(400);
	PUT(fd, "on leave write delay 400000000\nrun\n");
	EXPECT_START(fd, "hold leave nanosleep ");
	pause_for(400);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 0);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK(counted("nanosleep").ns >= 5000000);
	CHECK(counted("nanosleep").ns < 300000000);
	CHECK(counted("write").ns < 300000000);
	close(other);
	close(fd);
	CHECK_EQ(tracee_end(&t), 99);
}

TEST(time_of_a_call_is_without_a_stop_in_it)
{
	int other;

	start(asks_for_parent, "on leave read count\n");
	asks();
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(counted("read").count, 1);
	other = controller(t.pid);
	stopped(other, "hold stop asleep");
	go(&t);
	pause_for(800);
	let_go(other);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(counted("read").count, 2);
	CHECK(counted("read").ns < 600000000);
	close(other);
	finish(fd);
}

static void
waits_through_a_signal(const struct tracee *u)
{
	char byte;

	handle(SIGUSR1, SA_RESTART);
	tell(u, 0);
	(void)read(u->in, &byte, 1);
	tell(u, handled);
	await(u);
}

TEST(call_that_restarts_counts_once)
{
	tracee_begin(waits_through_a_signal);
	CHECK_EQ(told(&t), 0);
	fd = controller(t.pid);
	PUT(fd, "on leave read log\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT_START(fd, "log leave read ");
	PUT(fd, "on leave read count\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	expect_count("read", 0, 0);
	go(&t);
	CHECK_EQ(told(&t), SIGUSR1);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	expect_count("read", 1, 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 99);
}

static void
is_interrupted(const struct tracee *u)
{
	int ends[2];
	char c;

	handle(SIGUSR1, 0);
	pipe_make(ends);
	tell(u, 0);
	tell(u, call3(SYS_read, (uint64_t)ends[0], (uint64_t)(uintptr_t)&c, 1));
	await(u);
}

TEST(result_that_sigreturn_brings_back_is_no_error_of_it)
{
	tracee_begin(is_interrupted);
	CHECK_EQ(told(&t), 0);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	PUT(fd, "on leave read,sigreturn count\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	CHECK_EQ(told(&t), -EINTR);
	expect_count("sigreturn", 1, 0);
	expect_count("read", 1, 1);
	close(fd);
	CHECK_EQ(tracee_end(&t), 99);
}

static void
forks_and_becomes_another(const struct tracee *u)
{
	pid_t child;

	await(u);
	call0(SYS_getppid);
	child = fork();
	if (child == 0) {
		call0(SYS_getppid);
		for (;;)
			pause();
	}
	tell(u, child);
	await(u);
	kill(child, SIGKILL);
	execl("/bin/true", "true", (char *)NULL);
	_exit(1);
}

TEST(exec_keeps_what_was_counted_and_a_child_begins_with_nothing)
{
	pid_t child;

	start(forks_and_becomes_another, "on enter getppid,fork,execve count\n"
					 "on exec hold\n");
	go(&t);
	child = (pid_t)told(&t);
	wait_state(child, TRACE_STATE_ASLEEP);
	CHECK_STR(calls_of(child), "");
	go(&t);
	EXPECT(fd, "hold exec /bin/true");
	expect_count("getppid", 1, 0);
	expect_count("fork", 1, 0);
	PUT(fd, "on end hold\nrun\n");
	EXPECT(fd, "hold end exited 0");
	expect_count("execve", 1, 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(packed_twin_has_the_same_by_number)
{
	struct trace_call_count c[2];
	struct counted text;
	int file;

	start(fails_and_wins, "on enter close,77 count\n");
	go(&t);
	CHECK_EQ(told(&t), 0);
	file = proc_open(t.pid, "calls.bin", O_RDONLY);
	CHECK_EQ(read(file, c, sizeof c), sizeof c);
	CHECK_EQ(read(file, c, sizeof c), 0);
	close(file);
	text = counted("close");
	CHECK_EQ(c[0].size, sizeof c[0]);
	CHECK_EQ(c[0].zero, 0);
	CHECK_EQ(c[0].number, SYS_close);
	CHECK_EQ(c[0].count, 30);
	CHECK_EQ(c[0].errors, 20);
	CHECK_EQ(c[0].ns, text.ns);
	CHECK_EQ(c[1].number, TRACE_CALL_OTHER);
	CHECK_EQ(c[1].count, 1);
	close(fd);
	CHECK_EQ(tracee_end(&t), 99);
}

TEST(child_of_new_is_counted_from_its_first_call)
{
	fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	PUT(fd, "on enter * count\non end hold\n");
	PUT(fd, "new /bin/true true\n");
	t.pid = next_event(fd).pid;
	EXPECT(fd, "hold end exited 0");
	expect_count("exit", 1, 0);
	close(fd);
	CHECK_EQ(wait_for(t.pid), 0);
}

TEST(sixty_four_rules_that_count_are_all_there_are)
{
	start(asks_for_parent, "");
	for (int i = 0; i < 64; i++)
		CHECK(putf(fd, "on enter %d count\n", i + 1) > 0);
	REFUSED(fd, "on enter getppid count\n", ENOSPC);
	REFUSED(fd, "on leave getppid return 1\n", ENOSPC);
	asks();
	expect_count("getppid", 0, 0);
	PUT(fd, "on enter 64 return 1\n");
	finish(fd);
}

TEST(call_that_began_before_the_rule_counts_with_time_0)
{
	start(asks_for_parent, "on leave read count\n");
	pause_for(5);
	asks();
	expect_count("read", 1, 0);
	CHECK_EQ(counted("read").ns, 0);
	asks();
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK(counted("read").ns > 0);
	finish(fd);
}

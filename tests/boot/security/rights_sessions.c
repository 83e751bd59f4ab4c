/*
 * Sessions on a process that starts a set-id program: those of its user lose
 * it, and it rises although it was traced.
 */
#include "boot/rise.h"

#define RISEN RISE_IDS(0, USER, 1)

static struct tracee
target(void)
{
	rise_program(0, 0, 04755);
	return rise_start(rises);
}

/* The session has nobody any more, and does nothing to who was there. */
static void
is_over(int fd, pid_t pid)
{
	static const char *const verbs[] = {"run", "stop", "return 1",
					    "signal 9", "args 1 0 0 0 0 0 0"};
	char byte;

	CHECK_EQ(read(fd, &byte, 1), 0);
	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		CHECK_ERRNO(putf(fd, "%s\n", verbs[i]), ESRCH);
		CHECK_ERRNO(putf(fd, "%s tid %d\n", verbs[i], (int)pid), ESRCH);
	}
	REFUSED(fd, "kill SIGKILL\n", ESRCH);
	CHECK_ERRNO(putf(fd, "kill SIGKILL pid %d\n", (int)pid), ESRCH);
	PUT(fd, "stop all\n");
	PUT(fd, "on enter * hold\non leave * hold\non end hold\n");
	CHECK_EQ(status_of(pid).tracers, 0);
}

TEST(controller_loses_a_process_that_rises_and_hears_so_last)
{
	struct tracee t = target();
	int fd = user_opens(t.pid, "trace", O_RDWR);

	PUT(fd, "on exec log\non enter * log\non leave execve log\n");
	PUT(fd, "on enter read off\n");
	go(&t);
	EXPECT_START(fd, "log enter dup2");
	EXPECT_START(fd, "log enter dup2");
	EXPECT_START(fd, "log enter execve");
	EXPECT(fd, "log revoked");
	is_over(fd, t.pid);
	CHECK_EQ(told(&t), RISEN);
	rise_end(&t);
	close(fd);
}

static struct trace_event
last_packed(int fd)
{
	struct trace_event event = {0}, next = {0};

	while (next_packed(fd, &next, NULL) > 0)
		event = next;
	return event;
}

TEST(packed_sessions_end_with_revoked_too)
{
	struct tracee t = target();
	int controls = user_opens(t.pid, "trace.bin", O_RDWR);
	int observes = user_opens(t.pid, "trace.bin", O_RDONLY | O_NONBLOCK);
	struct trace_event event = {0};

	CHECK_ERRNO(next_packed(observes, &event, NULL), EAGAIN);
	CHECK(put_text(controls, "on enter execve hold\n") > 0);
	go(&t);
	CHECK_EQ(packed(controls).type, TRACE_EV_enter);
	event = packed(controls);
	CHECK_EQ(event.type, TRACE_EV_revoked);
	CHECK_EQ(event.pid, t.pid);
	CHECK_EQ(event.flags, 0);
	CHECK_EQ(next_packed(controls, &event, NULL), 0);
	event = last_packed(observes);
	CHECK_EQ(event.type, TRACE_EV_revoked);
	CHECK_EQ(next_packed(observes, &event, NULL), 0);
	CHECK_ERRNO(put_verb(controls,
			     (struct trace_verb){.verb = TRACE_VERB_stop}),
		    ESRCH);
	CHECK_EQ(told(&t), RISEN);
	rise_end(&t);
}

TEST(observer_hears_of_nothing_behind_revoked)
{
	struct tracee t = target();
	int fd = user_opens(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	const char *line;
	char byte;

	CHECK_ERRNO(read(fd, &byte, 1), EAGAIN);
	rise_go(&t, RISEN);
	go(&t);
	CHECK_EQ(told(&t), getpid());
	do {
		line = next_line(fd);
		CHECK(strstr(line, "getppid") == NULL);
		CHECK(strstr(line, "execve") == NULL);
		CHECK(strstr(line, "exec /") == NULL);
	} while (strstr(line, " log revoked\n") == NULL);
	EXPECT_END(fd);
	rise_end(&t);
}

TEST(process_held_at_enter_of_execve_rises_when_it_is_let_go)
{
	struct tracee t = target();
	int fd = user_opens(t.pid, "trace", O_RDWR);

	PUT(fd, "on enter execve hold\n");
	go(&t);
	EXPECT_START(fd, "hold enter execve");
	CHECK_EQ(status_of(t.pid).uid[1], USER);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), RISEN);
	EXPECT(fd, "log revoked");
	is_over(fd, t.pid);
	rise_end(&t);
	close(fd);
}

TEST(registers_written_at_enter_of_execve_leave_no_mark_on_a_risen_program)
{
	struct tracee t = target();
	int fd = user_opens(t.pid, "trace", O_RDWR);
	int root = controller(t.pid), regs;
	struct trace_regs after;

	PUT(fd, "on enter execve hold\n");
	go(&t);
	EXPECT_START(fd, "hold enter execve");
	regs = user_opens(t.pid, "regs", O_RDWR);
	PUT(regs, "rip 0x4141414141\nrsp 0x4242424240\nrbx 0x4343\n"
		  "r15 0x4444\nr12 0x4545\nrbp 0x4646\n");
	PUT(root, "on leave execve hold\n");
	PUT(fd, "run\n");
	EXPECT_START(root, "hold leave execve");
	CHECK_EQ(regs_get(t.pid, &after), 0);
	CHECK(after.rip != 0x4141414141 && after.rsp != 0x4242424240);
	CHECK_EQ(after.rbx | after.r15 | after.r12 | after.rbp, 0);
	REFUSED(regs, "rbx 0x1\n", EACCES);
	close(root);
	CHECK_EQ(told(&t), RISEN);
	rise_end(&t);
}

TEST(rule_of_its_user_does_not_make_a_risen_process_return_what_it_says)
{
	struct tracee t = target();
	int fd = user_opens(t.pid, "trace", O_RDWR);

	PUT(fd, "on leave execve return 5\non exec kill\n");
	PUT(fd,
	    "on leave execve delay 1000000000\non enter getppid return 7\n");
	PUT(fd, "on enter write kill\non signal * kill\non end hold\n");
	rise_go(&t, RISEN);
	EXPECT(fd, "log revoked");
	is_over(fd, t.pid);
	rise_end(&t);
}

TEST(close_kill_and_keep_of_a_revoked_session_do_nothing)
{
	static const char *const how[] = {"set close kill\n",
					  "set close keep\n"};

	for (int i = 0; i < 2; i++) {
		struct tracee t = target();
		int fd = user_opens(t.pid, "trace", O_RDWR);

		PUT(fd, how[i]);
		rise_go(&t, RISEN);
		close(fd);
		CHECK_EQ(status_of(t.pid).holds, 0);
		rise_end(&t);
	}
}

TEST(roots_session_keeps_a_process_that_rises)
{
	struct tracee t = target();
	int root = controller(t.pid);
	int user = user_opens(t.pid, "trace", O_RDWR);

	PUT(root, "on exec hold\non enter getppid hold\n");
	go(&t);
	EXPECT(root, "hold exec " RISE_PROGRAM);
	CHECK_EQ(status_of(t.pid).uid[1], 0);
	CHECK_EQ(status_of(t.pid).uid[0], USER);
	CHECK_EQ(status_of(t.pid).tracers, 1);
	EXPECT(user, "log revoked");
	EXPECT_END(user);
	PUT(root, "run\n");
	CHECK_EQ(told(&t), RISEN);
	go(&t);
	EXPECT_START(root, "hold enter getppid");
	PUT(root, "return 11\nrun\n");
	CHECK_EQ(told(&t), 11);
	close(root);
	rise_end(&t);
}

TEST(exclusive_session_that_is_revoked_excludes_nobody)
{
	struct tracee t = target();
	int fd = user_opens(t.pid, "trace", O_RDWR | O_EXCL);

	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), EBUSY);
	rise_go(&t, RISEN);
	close(controller(t.pid));
	EXPECT(fd, "log revoked");
	rise_end(&t);
}

TEST(session_stays_on_a_process_that_starts_a_program_without_set_id_bits)
{
	struct tracee t;
	int fd;

	rise_program(0, 0, 0755);
	t = rise_start(rises);
	fd = user_opens(t.pid, "trace", O_RDWR);
	PUT(fd, "on exec hold\non enter getppid hold\n");
	go(&t);
	EXPECT(fd, "hold exec " RISE_PROGRAM);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), RISE_IDS(USER, USER, 0));
	go(&t);
	EXPECT_START(fd, "hold enter getppid");
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), getpid());
	close(fd);
	rise_end(&t);
}

TEST(set_gid_program_ends_a_users_session)
{
	struct tracee t;
	int fd;

	rise_program(0, 0, 02755);
	t = rise_start(rises);
	fd = user_opens(t.pid, "trace", O_RDWR);
	rise_go(&t, RISE_IDS(USER, 0, 1));
	EXPECT(fd, "log revoked");
	is_over(fd, t.pid);
	rise_end(&t);
}

/* ---- a session of two ---- */

/* A user who holds two children, of which one rises. */
static void
has_two_targets(const struct tracee *t)
{
	struct event one, two, gone;
	int fd;

	rise_become(USER);
	fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	PUT(fd, "new /bin/sh sh -c exec%20" RISE_PROGRAM "%20once\n");
	one = next_event(fd);
	PUT(fd, "new /bin/true true\n");
	two = next_event(fd);
	CHECK_STR(two.what, "hold start");
	CHECK_EQ(exit_status(wait_for(one.pid)), 0);
	CHECK_EQ(status_of(two.pid).holds, 1);
	PUT(fd, "on enter * hold\n");
	gone = next_event(fd);
	CHECK_STR(gone.what, "log revoked");
	CHECK_EQ(gone.pid, one.pid);
	CHECK_EQ(status_of(two.pid).tracers, 1);
	EXPECT_START(fd, "hold enter");
	CHECK_ERRNO(putf(fd, "run tid %d\n", one.pid), ESRCH);
	PUT(fd, "on enter * off\n");
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	CHECK_EQ(exit_status(wait_for(two.pid)), 0);
	tell(t, 0);
}

TEST(session_of_two_keeps_the_one_that_has_not_risen)
{
	struct tracee t;

	rise_program(0, 0, 04755);
	t = rise_start(has_two_targets);
	CHECK_EQ(tracee_end(&t), 0);
	unlink(RISE_PROGRAM);
}

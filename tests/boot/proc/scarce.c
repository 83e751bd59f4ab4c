/*
 * Memory that is not to be had: each allocation of each act fails in turn.  An
 * act is done whole or refused with ENOMEM, leaves nothing behind, and works
 * when it is tried again.
 */
#include "boot/memory.h"
#include "trace/scene.h"

/* ---- one allocation fails ---- */

static int fail_fd = -1;

/* The n-th allocation from now fails; 0: none does any more. */
static void
fail_after(int n)
{
	char text[16];

	if (fail_fd < 0)
		fail_fd = open("sys:/fail", O_WRONLY | O_CLOEXEC);
	snprintf(text, sizeof text, "%d\n", n);
	CHECK_EQ(put(fail_fd, text), strlen(text));
}

/* What is tried: 0, or -1 with errno.  What was made is unmade in undo, which
 * is called after failures too. */
struct act {
	int (*act)(void);
	void (*undo)(int result);
};

enum { MOST = 400 }; /* allocations of an act */

/* Fails the first allocation, the second, and so on, until none is left to fail
 * for ten tries: how often the act was refused. */
static int
refusals(const struct act *act)
{
	int refused = 0, well = 0;
	long objects;

	fail_after(0);
	act->undo(act->act());
	objects = objects_at_rest();
	for (int n = 1; n < MOST && well < 10; n++) {
		int result, error;

		fail_after(n);
		result = act->act();
		error = errno;
		fail_after(0);
		if (result < 0 && error != ENOMEM)
			test_fail(__FILE__, __LINE__, "allocation %d: %s", n,
				  strerror(error));
		refused += result < 0;
		well = result < 0 ? 0 : well + 1;
		act->undo(result);
		nothing_left_behind(objects);
	}
	CHECK_EQ(well, 10);
	return refused;
}

static int made = -1;

static void
close_made(int result)
{
	(void)result;
	if (made >= 0)
		close(made);
	made = -1;
}

static const char *opened;
static int opened_flags;

static int
open_it(void)
{
	made = proc_try(t.pid, opened, opened_flags);
	return made < 0 ? -1 : 0;
}

TEST(open_without_memory_is_ENOMEM)
{
	static const struct {
		const char *name;
		int flags;
	} files[] = {{"trace", O_RDWR},	  {"trace.bin", O_RDWR},
		     {"trace", O_RDONLY}, {"ctl", O_WRONLY},
		     {"regs", O_RDWR},	  {"mem", O_RDWR},
		     {"status", O_RDONLY}};
	const struct act act = {open_it, close_made};

	tracee_begin(asks_for_parent);
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		opened = files[i].name;
		opened_flags = files[i].flags;
		CHECK(refusals(&act) > 0);
		CHECK_EQ(status_of(t.pid).tracers, 0);
	}
	asks();
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- what is written to a session ---- */

static const char *line;

static int
write_line(void)
{
	return put(made, line) < 0 ? -1 : 0;
}

/* The session has the rule or has it not, and another can be made. */
static void
rule_is_whole(int result)
{
	asks();
	if (result == 0)
		EXPECT(made, "log enter getppid");
	nothing_to_read(made);
	PUT(made, "on enter getppid off\n");
	close_made(0);
	made = controller(t.pid);
}

TEST(rule_without_memory_is_ENOMEM_and_no_rule)
{
	const struct act act = {write_line, rule_is_whole};

	tracee_begin(asks_for_parent);
	made = controller(t.pid);
	line = "on enter getppid log\n";
	CHECK(refusals(&act) > 0);
	finish(made);
}

/* A tracee of its own, for its table stays with it: was the rule taken? */
static int
counts_with_failure(int n)
{
	char text[64] = "";
	int fd = session_on(asks_for_parent), calls, taken;

	fail_after(n);
	taken = put(fd, "on enter getppid count\n") > 0;
	CHECK(taken || errno == ENOMEM);
	fail_after(0);
	asks();
	calls = proc_open(t.pid, "calls", O_RDONLY);
	CHECK(read(calls, text, sizeof text) >= 0);
	CHECK_EQ(strncmp(text, "getppid 1 0 ", 12) == 0, taken);
	close(calls);
	finish(fd);
	tester_end_count = 0;
	return taken;
}

TEST(rule_that_counts_without_memory_is_ENOMEM_and_counts_nothing)
{
	int refused = 0;
	long objects;

	CHECK(counts_with_failure(0));
	objects = objects_at_rest();
	for (int n = 1; n < 10; n++) {
		refused += !counts_with_failure(n);
		nothing_left_behind(objects);
	}
	CHECK(refused >= 2); /* the rules, the table */
}

static void
session_anew(int result)
{
	close_made(result);
	made = open("proc:/new", O_RDWR | O_CLOEXEC);
}

static void
child_is_whole(int result)
{
	if (result == 0)
		child_ends(made);
	EXPECT_END(made);
	CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
	session_anew(0);
}

/* How often a line to a session of nobody was refused. */
static int
refusals_of(const char *text, void (*undo)(int result))
{
	const struct act act = {write_line, undo};
	int refused;

	line = text;
	session_anew(0);
	refused = refusals(&act);
	close_made(0);
	return refused;
}

TEST(new_without_memory_is_ENOMEM_and_no_child)
{
	CHECK(refusals_of("new /bin/true true\n", child_is_whole) > 10);
}

TEST(env_without_memory_is_ENOMEM)
{
	CHECK(refusals_of("env A=b\n", session_anew) > 0);
}

/* Its event was not read: it is to be kept as `log`. */
static void
hold_is_whole(int result)
{
	if (result < 0) {
		expect_state(TRACE_STATE_HELD);
		EXPECT(made, "hold enter getppid");
		PUT(made, "run\n");
	} else {
		EXPECT(made, "log enter getppid");
	}
	answers();
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
}

TEST(run_of_a_hold_not_read_without_memory_is_ENOMEM_and_it_stays_held)
{
	const struct act act = {write_line, hold_is_whole};
	char text[32];

	made = session_on(asks_for_parent);
	PUT(made, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	snprintf(text, sizeof text, "run tid %d\n", (int)t.pid);
	line = text;
	CHECK(refusals(&act) > 0);
	finish_held(made);
}

/* ---- what is read ---- */

static char contents[8192];

static int
read_it(void)
{
	return pread(made, contents, sizeof contents, 0) < 0 ? -1 : 0;
}

static void
read_again(int result)
{
	(void)result;
	CHECK(pread(made, contents, sizeof contents, 0) > 0);
	close_made(0);
	made = proc_open(t.pid, opened, O_RDONLY);
}

TEST(text_without_memory_is_ENOMEM_and_is_read_again)
{
	static const char *const names[] = {"status", "maps",	    "regs",
					    "args",   "status.bin", "regs.bin"};
	const struct act act = {read_it, read_again};

	tracee_begin(asks_for_parent);
	for (int i = 0; i < 6; i++) {
		opened = names[i];
		made = proc_open(t.pid, opened, O_RDONLY);
		CHECK(refusals(&act) > 0);
		close_made(0);
	}
	CHECK_EQ(tracee_end(&t), 0);
}

/* The first read of an observer makes its rules and its queue. */
static int
observe(void)
{
	char c;
	ssize_t n = read(made, &c, 1);

	CHECK(n < 0);
	return errno == EAGAIN ? 0 : -1;
}

static void
observed(int result)
{
	char text[256];

	(void)result;
	CHECK_ERRNO(read(made, text, sizeof text), EAGAIN);
	asks();
	CHECK(read(made, text, sizeof text) > 0);
	close_made(0);
	made = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
}

TEST(first_read_of_an_observer_without_memory_is_ENOMEM_and_the_next_works)
{
	const struct act act = {observe, observed};

	tracee_begin(asks_for_parent);
	made = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	CHECK(refusals(&act) > 0);
	finish(made);
}

/* ---- the tracee has none ---- */

static int exec_fails_at;

static void
becomes_true_with_a_failure(const struct tracee *u)
{
	await(u);
	fail_after(exec_fails_at);
	execl("/bin/true", "true", (char *)NULL);
	_exit(errno);
}

/* Its exec is told of so; what it ended with. */
static int
exec_that_is_told_of(char what[64])
{
	int fd = session_on(becomes_true_with_a_failure);

	PUT(fd, "on exec hold\n");
	go(&t);
	snprintf(what, 64, "%.60s", next_event(fd).what);
	fail_after(0);
	close(fd);
	tester_end_count = 0;
	return tracee_end(&t);
}

/* Until there is no way back; then the last allocation is that of the event's
 * path. */
TEST(exec_without_memory_is_ENOMEM_or_its_event_says_so)
{
	char what[64];

	fail_after(0);
	for (exec_fails_at = 1; exec_fails_at < MOST; exec_fails_at++) {
		if (exec_that_is_told_of(what) == 0)
			break;
		CHECK_STR(what, "log end exited 12");
	}
	CHECK(exec_fails_at > 10);
	CHECK_STR(what, "hold exec -ENOMEM");
	exec_fails_at = 0;
	CHECK_EQ(exec_that_is_told_of(what), 0);
	CHECK_STR(what, "hold exec /bin/true");
}

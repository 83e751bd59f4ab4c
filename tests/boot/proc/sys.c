/*
 * The files of sys: that are about processes: each field of a line against a
 * scene that was made for it.
 */
#include "trace/sysfiles.h"

/* ---- contexts ---- */

enum { WHO, PARENT, STATE, THREADS, NAME, HOLDERS, CONTEXTS_FIELDS };

static void
expect_context(const char *state, const char *holders)
{
	struct sys_line *line = sys_thread("contexts", t.pid);

	CHECK_EQ(line->count, CONTEXTS_FIELDS);
	CHECK_NUMBER(line->field[PARENT], getpid());
	CHECK_STR(line->field[STATE], state);
	CHECK_STR(line->field[THREADS], "1");
	CHECK_STR(line->field[NAME], status_of(t.pid).name);
	CHECK_STR(line->field[HOLDERS], holders);
}

TEST(contexts_says_of_a_thread_whether_it_runs_or_sleeps_and_is_traced)
{
	int fd;

	tracee_begin(sleeps);
	expect_context("S", "-");
	fd = controller(t.pid);
	expect_context("St", "-");
	go(&t);
	finish(fd);
	tracee_begin(spins);
	expect_context("R", "-");
	tracee_kill(&t);
}

TEST(contexts_says_who_holds_a_thread)
{
	char self[32];
	int fd = held_at_enter();

	sys_number(self, getpid());
	expect_context("Ht", self);
	finish_held(fd);
}

TEST(contexts_says_that_ctl_holds_a_thread)
{
	tracee_begin(spins);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	expect_context("H", "ctl");
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	expect_context("R", "-");
	tracee_kill(&t);
}

TEST(contexts_says_that_a_thread_is_stopped)
{
	int status;

	tracee_begin(spins);
	CHECK_EQ(kill(t.pid, SIGSTOP), 0);
	CHECK_EQ(waitpid(t.pid, &status, WUNTRACED), t.pid);
	expect_context("T", "-");
	tracee_kill(&t);
}

TEST(contexts_has_a_line_of_a_zombie_until_it_is_reaped)
{
	struct sys_line line;
	char who[32];

	tracee_begin(spins);
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	snprintf(who, sizeof who, "%d/-", (int)t.pid);
	CHECK(sys_find("contexts", WHO, who, &line));
	CHECK_EQ(line.count, CONTEXTS_FIELDS);
	CHECK_STR(line.field[STATE], "Z");
	CHECK_STR(line.field[THREADS], "0");
	CHECK_STR(line.field[HOLDERS], "-");
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
	CHECK(!sys_find("contexts", WHO, who, &line));
}

/* ---- calls ---- */

enum { CALL = 2, NUMBER, A0, CALLS_FIELDS = A0 + 6 };

static char here[16];

static void
reads_here(const struct tracee *u)
{
	(void)read(u->in, here, 7);
}

static void
expect_call(const char *name, const char *number, const char *const words[6])
{
	struct sys_line *line = sys_thread("calls", t.pid);

	CHECK_EQ(line->count, CALLS_FIELDS);
	CHECK_STR(line->field[1], status_of(t.pid).name);
	CHECK_STR(line->field[CALL], name);
	CHECK_STR(line->field[NUMBER], number);
	for (int i = 0; i < 6; i++)
		CHECK_STR(line->field[A0 + i], words[i]);
}

static const char *const nothing[6] = {"-", "-", "-", "-", "-", "-"};

TEST(calls_shows_a_sleeping_read_with_its_descriptor_and_address)
{
	char number[32], fd[32], address[32];
	const char *const words[6] = {fd, address, "0x7", "-", "-", "-"};

	tracee_begin(reads_here);
	snprintf(number, sizeof number, "0x%x", SYS_read);
	snprintf(fd, sizeof fd, "0x%x", (unsigned)t.in);
	snprintf(address, sizeof address, "0x%lx", (unsigned long)here);
	expect_call("read", number, words);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
calls_500(const struct tracee *u)
{
	await(u);
	call6(500, 1, 2, 3, 4, 5, 6);
}

TEST(calls_shows_a_number_that_no_call_has_with_six_arguments)
{
	static const char *const words[6] = {"0x1", "0x2", "0x3",
					     "0x4", "0x5", "0x6"};
	int fd = held_in(calls_500, "on enter 500 hold\n", "hold enter #500");

	expect_call("#500", "0x1f4", words);
	finish(fd);
}

TEST(calls_shows_a_call_as_a_tracer_has_changed_it)
{
	static const char *const words[6] = {"0x9", "0x8", "0x7",
					     "0x6", "0x5", "0x4"};
	int fd = held_at_enter();

	PUT(fd, "args 501 9 8 7 6 5 4\n");
	expect_call("#501", "0x1f5", words);
	PUT(fd, "args getppid 0 0 0 0 0 0\n");
	finish_held(fd);
}

TEST(calls_shows_nothing_outside_of_a_call)
{
	int fd = session_on(spins);

	expect_call("running", "-", nothing);
	stopped(fd, "hold stop");
	expect_call("-", "-", nothing);
	finish_killed(fd);
}

/* ---- block ---- */

enum { WAITS = 3, NS, BLOCK_HOLDERS, BLOCK_FIELDS };

static int64_t
now_ns(void)
{
	struct timespec time;

	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &time), 0);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Computes for a while, says when that was over, then sleeps. */
static void
computes_then_sleeps(const struct tracee *u)
{
	int64_t begin = now_ns(), now;

	do
		now = now_ns();
	while (now - begin < 100000000);
	tell(u, now);
	sleeps(u);
}

static int64_t
blocked_ns(const char *call)
{
	struct sys_line *line = sys_thread("block", t.pid);

	CHECK_EQ(line->count, BLOCK_FIELDS);
	CHECK_STR(line->field[1], status_of(t.pid).name);
	CHECK_STR(line->field[CALL], call);
	return strtoll(line->field[NS], NULL, 10);
}

TEST(block_says_how_long_a_thread_has_slept_exactly)
{
	int64_t awake, first, second, between[4];

	t = tracee_start(computes_then_sleeps);
	awake = told(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	between[0] = now_ns();
	first = blocked_ns("read");
	between[1] = now_ns();
	CHECK(first <= between[1] - awake);
	between[2] = now_ns();
	second = blocked_ns("read");
	between[3] = now_ns();
	CHECK(second - first >= between[2] - between[1]);
	CHECK(second - first <= between[3] - between[0]);
	CHECK_STR(sys_thread("block", t.pid)->field[WAITS],
		  "pipe to be written");
	CHECK_STR(sys_thread("block", t.pid)->field[BLOCK_HOLDERS], "-");
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(block_says_whose_session_a_held_thread_waits_for)
{
	char self[32];
	int fd = held_at_enter();

	wait_state(t.pid, TRACE_STATE_HELD);
	sys_number(self, getpid());
	CHECK(blocked_ns("getppid") >= 0);
	CHECK_STR(sys_thread("block", t.pid)->field[WAITS], "held");
	CHECK_STR(sys_thread("block", t.pid)->field[BLOCK_HOLDERS], self);
	finish_held(fd);
}

TEST(block_has_no_line_of_a_thread_that_runs)
{
	struct sys_line line;

	tracee_begin(spins);
	CHECK(!sys_find("block", WHO, sys_who(t.pid), &line));
	tracee_kill(&t);
}

/* ---- iostat ---- */

enum { FD = 1, MODE, OFFSET, PATH, IOSTAT_FIELDS };

/* The tracee's line of this descriptor. */
static struct sys_line *
iostat_of(int wanted)
{
	static struct sys_line line;
	int fd = sys_open("iostat");
	const char *at = sys_text(fd, 512);
	char pid[32], number[32];

	close(fd);
	sys_number(pid, t.pid);
	sys_number(number, wanted);
	while ((at = sys_cut(at, &line)) != NULL) {
		CHECK_EQ(line.count, IOSTAT_FIELDS);
		if (strcmp(line.field[0], pid) == 0 &&
		    strcmp(line.field[FD], number) == 0)
			return &line;
	}
	return NULL;
}

static void
expect_open(int fd, const char *mode, const char *offset, const char *path)
{
	struct sys_line *line = iostat_of(fd);

	CHECK(line != NULL);
	CHECK_STR(line->field[MODE], mode);
	CHECK_STR(line->field[OFFSET], offset);
	CHECK_STR(line->field[PATH], path);
}

TEST(iostat_shows_what_is_open_and_its_offset_moves)
{
	static const char name[] = "/tmp/sys \t%\n1\t0";
	static const char shown[] = "/tmp/sys%20%09%25%0a1%090";
	int both = open(name, O_RDWR | O_CREAT, 0600);
	int end = open(name, O_WRONLY | O_APPEND | O_NONBLOCK | O_CLOEXEC);

	CHECK(both >= 0 && end >= 0);
	tracee_begin(sleeps);
	expect_open(both, "rw", "0", shown);
	PUT(both, "12345");
	expect_open(both, "rw", "5", shown);
	CHECK_EQ(lseek(both, 1000, SEEK_SET), 1000);
	expect_open(both, "rw", "1000", shown);
	expect_open(end, "w,append,nonblock,cloexec", "0", shown);
	CHECK_STR(iostat_of(t.in)->field[MODE], "r,cloexec");
	CHECK_STR(iostat_of(t.in)->field[OFFSET], "-");
	CHECK(iostat_of(end + 100) == NULL);
	CHECK_EQ(unlink(name), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK(iostat_of(both) == NULL);
}

/* ---- all of them ---- */

static const struct {
	const char *name;
	int fields;
} files[] = {
	{"contexts", CONTEXTS_FIELDS}, {"calls", CALLS_FIELDS},
	{"block", BLOCK_FIELDS},       {"iostat", IOSTAT_FIELDS},
	{"trace", TRACE_FIELDS},
};
#define FILES (sizeof files / sizeof *files)

/* Every line has its fields, none is empty, all can be printed. */
static void
expect_lines(const char *at, int fields)
{
	static struct sys_line line;

	while ((at = sys_cut(at, &line)) != NULL) {
		CHECK_EQ(line.count, fields);
		for (int i = 0; i < fields; i++) {
			CHECK(*line.field[i] != '\0');
			for (const char *c = line.field[i]; *c != '\0'; c++)
				CHECK(*c >= ' ' && *c <= '~');
		}
	}
}

/* Makes children, each with a session on it, for ever. */
static void
comes_and_goes(const struct tracee *u)
{
	tell(u, 0);
	for (;;) {
		pid_t pid = fork();

		if (pid == 0) {
			(void)read(u->in, here, 0);
			_exit(0);
		}
		close(proc_try(pid, "trace", O_RDWR));
		waitpid(pid, NULL, 0);
	}
}

TEST(lines_are_whole_byte_by_byte_while_processes_come_and_go)
{
	t = tracee_start(comes_and_goes);
	CHECK_EQ(told(&t), 0);
	for (int round = 0; round < 10; round++)
		for (size_t i = 0; i < FILES; i++) {
			int fd = sys_open(files[i].name);

			expect_lines(sys_text(fd, 1), files[i].fields);
			close(fd);
		}
	tracee_kill(&t);
}

static const char bad_name[] = "/tmp/x\t1\n1\t0\tR %";

static void
is_called_badly(const struct tracee *u)
{
	dup2(u->in, 0);
	execl(bad_name, "cat", (char *)NULL);
	_exit(1);
}

TEST(name_of_a_program_makes_no_line_and_no_field)
{
	unlink(bad_name);
	CHECK_EQ(symlink("/bin/cat", bad_name), 0);
	t = tracee_start(is_called_badly);
	while (strncmp(status_of(t.pid).name, "x\t", 2) != 0)
		sched_yield();
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	for (size_t i = 0; i < FILES; i++) {
		int fd = sys_open(files[i].name);

		expect_lines(sys_text(fd, 512), files[i].fields);
		close(fd);
	}
	CHECK_EQ(unlink(bad_name), 0);
	tracee_kill(&t);
}

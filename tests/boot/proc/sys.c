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

/* ---- trace ---- */

enum {
	SESSION,
	OPENER,
	KIND,
	TARGETS,
	RULES,
	QUEUED,
	BOUND,
	LOST,
	HELD,
	RULE_TEXTS,
	TRACE_FIELDS
};

/* The one session with these targets. */
static struct sys_line *
session_of(const char *targets)
{
	static struct sys_line line;

	if (!sys_find("trace", TARGETS, targets, &line))
		test_fail(__FILE__, __LINE__, "no session has %s", targets);
	CHECK_EQ(line.count, TRACE_FIELDS);
	CHECK_NUMBER(line.field[OPENER], getpid());
	return &line;
}

static struct sys_line *
session_on_t(void)
{
	char pid[32];

	sys_number(pid, t.pid);
	return session_of(pid);
}

static void
expect_session(const char *kind, int rules, int queued, int held)
{
	struct sys_line *line = session_on_t();

	CHECK_STR(line->field[KIND], kind);
	CHECK_NUMBER(line->field[RULES], rules);
	CHECK_NUMBER(line->field[QUEUED], queued);
	CHECK_NUMBER(line->field[BOUND], 255);
	CHECK_STR(line->field[LOST], "0");
	CHECK_NUMBER(line->field[HELD], held);
}

TEST(trace_shows_rules_and_a_queue_that_grows_until_it_is_read)
{
	int fd = session_on(asks_for_parent);

	expect_session("controller", 0, 0, 0);
	CHECK_STR(session_on_t()->field[RULE_TEXTS], "-");
	PUT(fd, "on enter getppid log\n");
	expect_session("controller", 1, 0, 0);
	PUT(fd, "on leave getpid hold\n");
	expect_session("controller", 2, 0, 0);
	CHECK_STR(session_on_t()->field[RULE_TEXTS],
		  "on enter getppid log =0; on leave getpid hold =0");
	asks_times(3);
	expect_session("controller", 2, 3, 0);
	PUT(fd, "on signal SIGUSR1 off\n");
	CHECK_STR(session_on_t()->field[RULE_TEXTS],
		  "on enter getppid log =3; on leave getpid hold =0; "
		  "on signal SIGUSR1 off");
	PUT(fd, "on enter getpid count\n");
	CHECK(strstr(session_on_t()->field[RULE_TEXTS],
		     "; on enter getpid count") != NULL);
	EXPECT(fd, "log enter getppid");
	expect_session("controller", 4, 2, 0);
	finish(fd);
}

TEST(trace_shows_threads_that_are_held)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	expect_session("controller", 1, 1, 1);
	EXPECT(fd, "hold enter getppid");
	expect_session("controller", 1, 0, 1);
	let_go(fd);
	expect_session("controller", 1, 0, 0);
	finish(fd);
}

TEST(trace_shows_exclusive_sessions_and_those_without_a_target)
{
	unsigned long number;
	struct sys_line line;
	int fd;

	tracee_begin(sleeps);
	fd = proc_open(t.pid, "trace", O_RDWR | O_EXCL);
	expect_session("exclusive", 0, 0, 0);
	number = strtoul(session_on_t()->field[SESSION], NULL, 10);
	go(&t);
	finish(fd);
	fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	CHECK(fd >= 0);
	CHECK(strtoul(session_of("-")->field[SESSION], NULL, 10) > number);
	close(fd);
	CHECK(!sys_find("trace", TARGETS, "-", &line));
}

TEST(trace_shows_all_targets_of_a_session)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	char targets[64];
	struct event first, second;

	PUT(fd, "set advance verb\n");
	PUT(fd, "new /bin/true true\n");
	first = next_event(fd);
	PUT(fd, "new /bin/true true\n");
	second = next_event(fd);
	snprintf(targets, sizeof targets, "%d,%d", first.pid, second.pid);
	CHECK_STR(session_of(targets)->field[HELD], "2");
	close(fd);
	wait_for(first.pid);
	wait_for(second.pid);
}

/* What is read of an observer until nothing is left: how many were lost. */
static unsigned long
read_to_the_end(int fd)
{
	unsigned long lost = 0;
	struct event e;
	const char *at;
	struct pollfd p = {.fd = fd, .events = POLLIN};

	while (poll(&p, 1, 0) == 1) {
		e = next_event(fd);
		at = strstr(e.what, "log lost ");
		if (at == e.what)
			lost += strtoul(at + strlen("log lost "), NULL, 10);
	}
	return lost;
}

TEST(trace_counts_what_an_observer_has_lost)
{
	unsigned long lost;
	struct sys_line *line;
	int fd;

	tracee_begin(asks_for_parent);
	fd = proc_open(t.pid, "trace", O_RDONLY);
	expect_session("observer", 0, 0, 0);
	nothing_to_read(fd);
	asks_times(300);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	line = session_on_t();
	/* those that were logged, and `lost` */
	CHECK_NUMBER(line->field[QUEUED], 256);
	lost = strtoul(line->field[LOST], NULL, 10);
	CHECK(lost > 300);
	CHECK_EQ(read_to_the_end(fd), lost);
	line = session_on_t();
	CHECK_STR(line->field[QUEUED], "0");
	CHECK_NUMBER(line->field[LOST], lost);
	finish(fd);
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

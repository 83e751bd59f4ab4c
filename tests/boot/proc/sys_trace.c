/*
 * sys:/trace: the sessions, their targets, rules and queues.
 */
#include "trace/sysfiles.h"

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

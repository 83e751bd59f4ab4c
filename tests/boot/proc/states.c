/*
 * Every verb in every state that a thread may be in for this session: a table
 * of what each gives, and of how many hold the thread afterwards.
 */
#include <stdbool.h>
#include "trace/tracing.h"

enum state {
	RUNNING,
	ME,
	OTHER,
	BOTH,
	ASLEEP,
	ME_ASLEEP,
	ZOMBIE,
	ME_AT_END,
	OTHER_AT_END,
	STATES
};

static const char *const state_names[STATES] = {
	"running",     "me",	 "other",     "both",	     "asleep",
	"me + asleep", "zombie", "me at end", "other at end"};

struct scene {
	struct tracee t;
	int mine, other; /* sessions */
	int mem;
	bool mine_holds, at_end;
};

/* What a row of the table says: errors (0: none), and holds afterwards; -1:
 * need not be known. */
struct row {
	int error[STATES];
	int holds[STATES];
};

static char target[16] = "target";

/* ---- the states ---- */

static void
getppid_or_spin(const struct tracee *t)
{
	char byte;

	while (read(t->in, &byte, 1) == 1) {
		while (byte == 's')
			__asm__ volatile("" ::: "memory");
		tell(t, call0(SYS_getppid));
	}
}

static void
hold_at_enter(int fd)
{
	PUT(fd, "on enter getppid hold\n");
}

static void
stop_asleep(int fd)
{
	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop asleep");
}

static void
hold_at_end(const struct scene *s, int fd)
{
	PUT(fd, "on end hold\n");
	close(s->t.to);
	EXPECT(fd, "hold end exited 0");
}

static void
enter(enum state state, struct scene *s)
{
	if (state == ME || state == BOTH)
		hold_at_enter(s->mine);
	if (state == OTHER || state == BOTH)
		hold_at_enter(s->other);
	if (state == ME || state == OTHER || state == BOTH)
		go(&s->t);
	if (state == ME || state == BOTH)
		EXPECT(s->mine, "hold enter getppid");
	if (state == OTHER || state == BOTH)
		EXPECT(s->other, "hold enter getppid");
	if (state == ME_ASLEEP)
		stop_asleep(s->mine);
	if (state == RUNNING)
		CHECK_EQ(write(s->t.to, "s", 1), 1);
	if (state == ME_AT_END)
		hold_at_end(s, s->mine);
	if (state == OTHER_AT_END)
		hold_at_end(s, s->other);
	if (state == ZOMBIE) {
		close(s->t.to);
		wait_state(s->t.pid, TRACE_STATE_ZOMBIE);
	}
}

static struct scene
scene(enum state state)
{
	struct scene s;

	tester_end_count = 0;
	s.t = tracee_start(getppid_or_spin);
	wait_state(s.t.pid, TRACE_STATE_ASLEEP);
	s.mine = controller(s.t.pid);
	s.other = controller(s.t.pid);
	s.mem = proc_open(s.t.pid, "mem", O_RDWR);
	s.mine_holds = state == ME || state == BOTH || state == ME_ASLEEP ||
		       state == ME_AT_END;
	s.at_end = state == ME_AT_END || state == OTHER_AT_END;
	enter(state, &s);
	if (state == RUNNING)
		wait_state(s.t.pid, TRACE_STATE_RUNNING);
	return s;
}

static void
scene_end(struct scene *s)
{
	kill(s->t.pid, SIGKILL);
	close(s->mine);
	close(s->other);
	close(s->mem);
	close(s->t.to);
	close(s->t.from);
	wait_for(s->t.pid);
}

/* ---- a row ---- */

static void
check_row(int (*verb)(struct scene *), const struct row *row)
{
	for (enum state i = 0; i < STATES; i++) {
		struct scene s = scene(i);
		int error = verb(&s) < 0 ? errno : 0;
		int holds;

		if (error != row->error[i])
			test_fail(__FILE__, __LINE__, "%s: %s, not %s",
				  state_names[i], strerror(error),
				  strerror(row->error[i]));
		holds = (int)status_of(s.t.pid).holds;
		if (row->holds[i] >= 0 && holds != row->holds[i])
			test_fail(__FILE__, __LINE__, "%s: %d holds, not %d",
				  state_names[i], holds, row->holds[i]);
		scene_end(&s);
	}
}

static int
about_tid(struct scene *s, const char *verb)
{
	return putf(s->mine, "%s tid %d\n", verb, (int)s->t.pid) < 0 ? -1 : 0;
}

static int
do_run(struct scene *s)
{
	return about_tid(s, "run");
}

TEST(run_in_each_state)
{
	static const struct row row = {
		{EBUSY, 0, EBUSY, 0, EBUSY, 0, ESRCH, 0, EBUSY},
		{0, 0, 1, 1, 0, 0, 0, 0, 1},
	};

	check_row(do_run, &row);
}

/* Also: its event, where there is one. */
static int
do_stop(struct scene *s)
{
	struct trace_status before = status_of(s->t.pid);
	char c;

	if (about_tid(s, "stop") < 0)
		return -1;
	if (s->at_end && !s->mine_holds)
		return 0; /* `end` answers */
	if (!s->mine_holds) {
		EXPECT(s->mine, before.state == TRACE_STATE_ASLEEP
					? "hold stop asleep"
					: "hold stop");
		return 0;
	}
	CHECK_EQ(fcntl(s->mine, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(s->mine, &c, 1), EAGAIN);
	return 0;
}

TEST(stop_in_each_state)
{
	static const struct row row = {
		{0, 0, 0, 0, 0, 0, ESRCH, 0, 0},
		{1, 1, 2, 2, 1, 1, 0, 1, -1},
	};

	check_row(do_stop, &row);
}

static int
do_return(struct scene *s)
{
	return about_tid(s, "return 5");
}

static int
do_args(struct scene *s)
{
	return about_tid(s, "args getpid 0 0 0 0 0 0");
}

TEST(return_and_args_in_each_state)
{
	static const struct row row = {
		{EBUSY, 0, EBUSY, 0, EBUSY, EBUSY, ESRCH, EBUSY, EBUSY},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_return, &row);
	check_row(do_args, &row);
}

static int
do_signal(struct scene *s)
{
	return about_tid(s, "signal SIGUSR1");
}

TEST(signal_in_each_state)
{
	static const struct row row = {
		{EBUSY, 0, EBUSY, 0, EBUSY, 0, ESRCH, EBUSY, EBUSY},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_signal, &row);
}

static int
do_kill(struct scene *s)
{
	if (putf(s->mine, "kill SIGKILL pid %d\n", (int)s->t.pid) < 0)
		return -1;
	wait_state(s->t.pid, TRACE_STATE_ZOMBIE);
	return 0;
}

TEST(kill_in_each_state)
{
	static const struct row row = {
		{0, 0, 0, 0, 0, 0, ESRCH, 0, 0},
		{0, 0, 0, 0, 0, 0, 0, 0, 0},
	};

	check_row(do_kill, &row);
}

static int
do_set(struct scene *s)
{
	return put(s->mine, "on leave getpid log\nset close keep\n"
			    "set advance verb\n") == 52
		       ? 0
		       : -1;
}

TEST(on_and_set_in_each_state)
{
	static const struct row row = {
		{0, 0, 0, 0, 0, 0, 0, 0, 0},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_set, &row);
}

static int
do_regs_read(struct scene *s)
{
	struct trace_regs regs;

	return regs_get(s->t.pid, &regs);
}

TEST(regs_are_read_in_each_state)
{
	static const struct row row = {
		{EBUSY, 0, 0, 0, 0, 0, ESRCH, 0, 0},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_regs_read, &row);
}

static int
do_regs_write(struct scene *s)
{
	return regs_write(s->t.pid, "rbx 0x1234\n");
}

TEST(regs_are_written_in_each_state)
{
	static const struct row row = {
		{EBUSY, 0, 0, 0, EBUSY, 0, ESRCH, 0, 0},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_regs_write, &row);
}

static int
do_rax_write(struct scene *s)
{
	return regs_write(s->t.pid, "rax 0x1234\n");
}

TEST(rax_is_written_in_no_unfinished_call)
{
	static const struct row row = {
		{EBUSY, EBUSY, EBUSY, EBUSY, EBUSY, EBUSY, ESRCH, EBUSY, EBUSY},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_rax_write, &row);
}

static int
do_mem(struct scene *s)
{
	char seen[sizeof target];
	off_t at = (off_t)(uintptr_t)target;
	ssize_t n = pread(s->mem, seen, sizeof seen, at);

	if (status_of(s->t.pid).state == TRACE_STATE_ZOMBIE) {
		CHECK_EQ(n, 0);
		return (int)pwrite(s->mem, "x", 1, at);
	}
	CHECK_EQ(n, sizeof seen);
	CHECK_STR(seen, "target");
	return (int)pwrite(s->mem, "T", 1, at);
}

TEST(mem_is_read_and_written_in_each_state)
{
	static const struct row row = {
		{0, 0, 0, 0, 0, 0, ESTALE, 0, 0},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_mem, &row);
}

static int
do_ctl_stop(struct scene *s)
{
	return ctl(s->t.pid, "stop\n");
}

TEST(ctl_stop_in_each_state)
{
	static const struct row row = {
		{0, 0, 0, 0, 0, 0, ESRCH, 0, 0},
		{1, 2, 2, 3, 1, 2, 0, 2, 2},
	};

	check_row(do_ctl_stop, &row);
}

static int
do_ctl_run(struct scene *s)
{
	if (ctl(s->t.pid, "stop\n") < 0)
		return -1;
	return ctl(s->t.pid, "run\n");
}

TEST(ctl_run_in_each_state)
{
	static const struct row row = {
		{0, 0, 0, 0, 0, 0, ESRCH, 0, 0},
		{0, 1, 1, 2, 0, 1, 0, 1, 1},
	};

	check_row(do_ctl_run, &row);
}

/* ---- without WHO, or with seq, a hold that is over is ESTALE ---- */

TEST(verbs_about_an_event_whose_hold_is_over_are_ESTALE)
{
	static const char *const verbs[] = {
		"run", "return 1", "args getpid 0 0 0 0 0 0", "signal SIGUSR1"};
	struct scene s = scene(ME);
	char line[64];

	PUT(s.mine, "run\n");
	CHECK_EQ(told(&s.t), getpid());
	for (int i = 0; i < 4; i++) {
		snprintf(line, sizeof line, "%s\n", verbs[i]);
		REFUSED(s.mine, line, ESTALE);
		snprintf(line, sizeof line, "%s seq 1\n", verbs[i]);
		REFUSED(s.mine, line, ESTALE);
	}
	scene_end(&s);
}

TEST(ESRCH_wins_over_ESTALE)
{
	struct scene s = scene(ME);

	PUT(s.mine, "run\n");
	CHECK_EQ(told(&s.t), getpid());
	close(s.t.to);
	wait_state(s.t.pid, TRACE_STATE_ZOMBIE);
	REFUSED(s.mine, "run\n", ESRCH);
	REFUSED(s.mine, "run seq 1\n", ESRCH);
	REFUSED(s.mine, "return 1 seq 1\n", ESRCH);
	REFUSED(s.mine, "run seq 1000\n", ESRCH);
	scene_end(&s);
}

TEST(new_child_is_held_by_me_at_start)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	struct event e;

	PUT(fd, "new /bin/true true\n");
	e = next_event(fd);
	CHECK_STR(e.what, "hold start");
	REFUSED(fd, "return 0\n", EBUSY);
	REFUSED(fd, "args getpid 0 0 0 0 0 0\n", EBUSY);
	CHECK_EQ(regs_write(e.pid, "rbx 5\n"), 0);
	PUT(fd, "stop\n");
	PUT(fd, "run\n");
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	CHECK_EQ(exit_status(wait_for(e.pid)), 0);
	close(fd);
}

TEST(at_end_only_run_stop_and_kill_mean_something)
{
	struct scene s = scene(ASLEEP);

	PUT(s.mine, "on end hold\n");
	close(s.t.to);
	EXPECT(s.mine, "hold end exited 0");
	REFUSED(s.mine, "return 0\n", EBUSY);
	REFUSED(s.mine, "args getpid 0 0 0 0 0 0\n", EBUSY);
	PUT(s.mine, "stop\nrun\n");
	EXPECT_END(s.mine);
	scene_end(&s);
}

/*
 * What stat says of the files of a process: whose they are, of when, how long.
 */
#include <sys/stat.h>
#include "trace/files.h"
#include "trace/scene.h"

static struct stat
stat_of(const char *name)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof path, "proc:/%d/%s", (int)t.pid, name);
	CHECK_EQ(stat(path, &st), 0);
	return st;
}

static void
has_six_ids(const struct tracee *u)
{
	tell(u, setresgid(2001, 2002, 2003) == 0 &&
			setresuid(1001, 1002, 1003) == 0);
	await(u);
}

TEST(files_belong_to_the_effective_ids_of_their_process)
{
	static const char *const names[] = {"",	  "status", "mem",
					    "fd", "thread", "fd/0"};

	t = tracee_start(has_six_ids);
	CHECK_EQ(told(&t), 1);
	for (int i = 0; i < 6; i++) {
		CHECK_EQ(stat_of(names[i]).st_uid, 1002);
		CHECK_EQ(stat_of(names[i]).st_gid, 2002);
	}
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

static int64_t
ns(const struct timespec *time)
{
	return time->tv_sec * INT64_C(1000000000) + time->tv_nsec;
}

static int64_t
clock_ns(clockid_t clock)
{
	struct timespec time;

	CHECK_EQ(clock_gettime(clock, &time), 0);
	return ns(&time);
}

TEST(times_are_when_the_process_was_made_and_the_boot)
{
	int64_t before = clock_ns(CLOCK_REALTIME), after, boot;
	struct stat st;

	tracee_begin(sleeps);
	after = clock_ns(CLOCK_REALTIME);
	st = stat_of("status");
	CHECK(ns(&st.st_mtim) >= before && ns(&st.st_mtim) <= after);
	CHECK_EQ(ns(&st.st_atim), ns(&st.st_mtim));
	CHECK_EQ(ns(&st.st_ctim), ns(&st.st_mtim));
	CHECK_EQ(stat("proc:/", &st), 0);
	boot = clock_ns(CLOCK_REALTIME) - clock_ns(CLOCK_MONOTONIC);
	CHECK(ns(&st.st_mtim) > boot - 1000000000);
	CHECK(ns(&st.st_mtim) < boot + 1000000000);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* What another user may read has its size for him, the rest has none. */
static void
look_as_another(void)
{
	CHECK_EQ(setgid(1000), 0);
	CHECK_EQ(setuid(1000), 0);
	CHECK(stat_of("args").st_size > 0);
	CHECK_EQ(stat_of("env").st_size, 0);
	CHECK_EQ(stat_of("maps").st_size, 0);
	CHECK_EQ(stat_of("regs.bin").st_size, 0);
	_exit(0);
}

TEST(size_is_0_without_a_text_or_the_right_to_it)
{
	static const char *const names[] = {"mem", "trace", "trace.bin", "ctl"};
	pid_t child;

	tracee_begin(sleeps);
	CHECK(stat_of("env").st_size > 0);
	CHECK(stat_of("maps").st_size > 0);
	CHECK_EQ(stat_of("regs.bin").st_size, sizeof(struct trace_regs));
	for (int i = 0; i < 4; i++)
		CHECK_EQ(stat_of(names[i]).st_size, 0);
	child = fork();
	if (child == 0)
		look_as_another();
	CHECK_EQ(exit_status(wait_for(child)), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	tester_end_count = 0;
	tracee_begin(spins);
	CHECK_EQ(stat_of("regs").st_size, 0);
	CHECK_EQ(stat_of("regs.bin").st_size, 0);
	tracee_kill(&t);
}

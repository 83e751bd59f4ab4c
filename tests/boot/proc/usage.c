/*
 * proc:/<pid>/usage: what a process has used.
 */
#include <sys/mman.h>
#include <sys/resource.h>
#include "trace/tracing.h"

static struct trace_usage
usage_read(int fd)
{
	struct trace_usage usage;

	CHECK_EQ(pread(fd, &usage, sizeof usage, 0), sizeof usage);
	CHECK_EQ(usage.size, sizeof usage);
	return usage;
}

static struct trace_usage
usage_of(pid_t pid)
{
	int fd = proc_open(pid, "usage.bin", O_RDONLY);
	struct trace_usage usage = usage_read(fd);

	CHECK_EQ(usage.pid, pid);
	close(fd);
	return usage;
}

static uint64_t
now_ns(void)
{
	struct timespec now;

	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

/* Until this much time is past. */
static void
spin_ns(uint64_t ns)
{
	uint64_t end = now_ns() + ns;

	while (now_ns() < end)
		continue;
}

TEST(usage_counts_each_call_once)
{
	int fd = proc_open(getpid(), "usage.bin", O_RDONLY);
	uint64_t before = usage_read(fd).calls;

	for (int i = 0; i < 1000; i++)
		call0(SYS_getpid);
	/* and the read itself */
	CHECK_EQ(usage_read(fd).calls, before + 1001);
	close(fd);
}

static void
calls_on_demand(const struct tracee *t)
{
	for (;;) {
		await(t);
		for (int i = 0; i < 500; i++)
			call0(SYS_getppid);
	}
}

TEST(usage_counts_the_calls_of_one_that_sleeps)
{
	struct tracee t = tracee_start(calls_on_demand);
	uint64_t before;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	before = usage_of(t.pid).calls;
	CHECK_EQ(usage_of(t.pid).calls, before);
	go(&t);
	while (usage_of(t.pid).calls < before + 501)
		sched_yield();
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(usage_of(t.pid).calls, before + 501);
	tracee_kill(&t);
}

TEST(usage_counts_a_fault_for_each_fresh_page)
{
	enum { PAGES = 100 };
	int fd = proc_open(getpid(), "usage.bin", O_RDONLY);
	char *pages = mmap(NULL, PAGES * 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct trace_usage before, after;

	CHECK(pages != MAP_FAILED);
	usage_read(fd);
	before = usage_read(fd);
	for (int i = 0; i < PAGES; i++)
		pages[i * 4096] = 1;
	after = usage_read(fd);
	CHECK_EQ(after.faults, before.faults + PAGES);
	for (int i = 0; i < PAGES; i++)
		pages[i * 4096] = 2;
	CHECK_EQ(usage_read(fd).faults, after.faults);
	munmap(pages, PAGES * 4096);
	close(fd);
}

TEST(usage_counts_each_sleep_as_a_switch)
{
	enum { ROUNDS = 100 };
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_usage before, after;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	before = usage_of(t.pid);
	for (int i = 0; i < ROUNDS; i++) {
		go(&t);
		CHECK_EQ(told(&t), getpid());
		wait_state(t.pid, TRACE_STATE_ASLEEP);
	}
	after = usage_of(t.pid);
	CHECK_EQ(after.switches, before.switches + ROUNDS);
	/* a read, a write and a getppid each */
	CHECK_EQ(after.calls, before.calls + 3 * ROUNDS);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(usage_counts_time_asleep_while_it_lasts)
{
	struct tracee t = tracee_start(sleeps);
	struct trace_usage first, second;
	uint64_t began, ended;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	began = now_ns();
	first = usage_of(t.pid);
	spin_ns(2000000);
	second = usage_of(t.pid);
	ended = now_ns();
	CHECK(second.waiting_ns >= first.waiting_ns + 2000000);
	CHECK(second.waiting_ns - first.waiting_ns <= ended - began);
	CHECK_EQ(second.run_ns, first.run_ns);
	CHECK_EQ(second.held_ns, 0);
	CHECK_EQ(second.stopped_ns, 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(usage_counts_time_held_and_only_that)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller_bin(t.pid);
	struct trace_usage first, second, third;
	uint64_t began, ended;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(usage_of(t.pid).held_ns, 0);
	CHECK(put_text(fd, "on enter getppid hold\n") > 0);
	began = now_ns();
	go(&t);
	CHECK_EQ(packed(fd).type, TRACE_EV_enter);
	wait_state(t.pid, TRACE_STATE_HELD);
	first = usage_of(t.pid);
	spin_ns(2000000);
	second = usage_of(t.pid);
	CHECK(second.held_ns >= first.held_ns + 2000000);
	CHECK_EQ(second.waiting_ns, first.waiting_ns);
	CHECK_EQ(second.run_ns, first.run_ns);
	CHECK(put_text(fd, "on enter getppid off\nrun\n") > 0);
	CHECK_EQ(told(&t), getpid());
	ended = now_ns();
	third = usage_of(t.pid);
	CHECK(third.held_ns >= second.held_ns);
	CHECK(third.held_ns <= ended - began);
	spin_ns(1000000);
	CHECK_EQ(usage_of(t.pid).held_ns, third.held_ns);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(usage_counts_time_stopped_and_only_that)
{
	struct tracee t = tracee_start(sleeps);
	struct trace_usage first, second;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGSTOP), 0);
	CHECK_EQ(waitpid(t.pid, NULL, WUNTRACED), t.pid);
	first = usage_of(t.pid);
	spin_ns(2000000);
	second = usage_of(t.pid);
	CHECK(second.stopped_ns >= first.stopped_ns + 2000000);
	CHECK_EQ(second.waiting_ns, first.waiting_ns);
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	while (usage_of(t.pid).waiting_ns == second.waiting_ns)
		sched_yield();
	first = usage_of(t.pid);
	spin_ns(1000000);
	CHECK_EQ(usage_of(t.pid).stopped_ns, first.stopped_ns);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(usage_of_the_running_grows_and_is_no_more_than_the_clock)
{
	int fd = proc_open(getpid(), "usage.bin", O_RDONLY);
	struct trace_usage before = usage_read(fd), after;

	do
		after = usage_read(fd);
	while (after.user_ns + after.system_ns ==
		       before.user_ns + before.system_ns ||
	       after.run_ns < before.run_ns + 20000000);
	CHECK(after.user_ns >= before.user_ns);
	CHECK(after.system_ns >= before.system_ns);
	CHECK(after.user_ns + after.system_ns <= after.run_ns);
	CHECK(after.run_ns + after.ready_ns + after.waiting_ns <= now_ns());
	close(fd);
}

TEST(usage_finds_the_side_that_time_goes_to)
{
	struct tracee t = tracee_start(spins);
	struct trace_usage usage;

	CHECK_EQ(told(&t), 0);
	do {
		sched_yield();
		usage = usage_of(t.pid);
	} while (usage.user_ns < 30000000);
	/* it makes no call, and so nearly all is the program's */
	CHECK(usage.user_ns > usage.system_ns);
	CHECK(usage.preemptions > 0);
	tracee_kill(&t);
}

TEST(usage_stays_until_the_process_is_reaped)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = proc_open(t.pid, "usage.bin", O_RDONLY);
	struct trace_usage before, after;
	struct rusage rusage;
	uint64_t told_us;

	go(&t);
	CHECK_EQ(told(&t), getpid());
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	before = usage_read(fd);
	close(t.to);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	after = usage_read(fd);
	/* the end of the read counted before; here the exit */
	CHECK_EQ(after.calls, before.calls + 1);
	CHECK(after.run_ns > before.run_ns);
	CHECK(after.waiting_ns >= before.waiting_ns);
	CHECK_EQ(after.user_ns + after.system_ns, after.run_ns);
	spin_ns(1000000);
	CHECK_EQ(usage_read(fd).run_ns, after.run_ns);
	CHECK_EQ(usage_read(fd).waiting_ns, after.waiting_ns);
	CHECK_EQ(wait4(t.pid, NULL, 0, &rusage), t.pid);
	told_us =
		(uint64_t)(rusage.ru_utime.tv_usec + rusage.ru_stime.tv_usec) +
		(uint64_t)(rusage.ru_utime.tv_sec + rusage.ru_stime.tv_sec) *
			1000000;
	CHECK(told_us <= after.run_ns / 1000);
	CHECK(told_us + 2 >= after.run_ns / 1000);
	CHECK_EQ(rusage.ru_minflt, after.faults);
	CHECK_EQ(rusage.ru_nvcsw, after.switches);
	CHECK_EQ(rusage.ru_nivcsw, after.preemptions);
	CHECK_ERRNO(pread(fd, &after, sizeof after, 0), ESRCH);
	close(fd);
	close(t.from);
}

TEST(usage_of_children_is_told_once_they_were_waited_for)
{
	struct rusage before, while_zombie, after;
	struct tracee t = tracee_start(sleeps);
	uint64_t faults;

	CHECK_EQ(getrusage(RUSAGE_CHILDREN, &before), 0);
	go(&t);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	faults = usage_of(t.pid).faults;
	CHECK(faults > 0);
	CHECK_EQ(getrusage(RUSAGE_CHILDREN, &while_zombie), 0);
	CHECK_EQ(while_zombie.ru_minflt, before.ru_minflt);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(getrusage(RUSAGE_CHILDREN, &after), 0);
	CHECK_EQ(after.ru_minflt, before.ru_minflt + (long)faults);
	CHECK_EQ(getrusage(RUSAGE_SELF, &after), 0);
	CHECK(after.ru_minflt > 0);
	CHECK_ERRNO(getrusage(7, &after), EINVAL);
	CHECK_ERRNO(getrusage(RUSAGE_SELF, (struct rusage *)8), EFAULT);
}

static const char *const words[] = {
#define USAGE(member, word) word,
#include <proctor/abi/usage.def>
#undef USAGE
};
#define WORDS (sizeof words / sizeof *words)

/* Read by the byte: one text, though the numbers grow meanwhile. */
TEST(usage_is_a_line_a_number_also_byte_by_byte)
{
	int fd = proc_open(getpid(), "usage", O_RDONLY);

	for (size_t i = 0; i < WORDS; i++) {
		const char *line = next_line(fd);
		size_t length = strlen(words[i]);
		char *end;

		CHECK(strncmp(line, words[i], length) == 0);
		CHECK_EQ(line[length], ' ');
		CHECK(line[length + 1] >= '0' && line[length + 1] <= '9');
		(void)strtoull(line + length + 1, &end, 10);
		CHECK_STR(end, "\n");
	}
	CHECK_STR(next_line(fd), "");
	close(fd);
}

static void
reads_of_another(void)
{
	struct trace_usage usage;
	int fd;

	if (setuid(4711) != 0)
		_exit(1);
	fd = proc_try(1, "usage.bin", O_RDONLY);
	_exit(read(fd, &usage, sizeof usage) == sizeof usage ? 0 : 2);
}

TEST(usage_is_everybodys_to_read)
{
	pid_t pid = fork();

	if (pid == 0)
		reads_of_another();
	CHECK_EQ(exit_status(wait_for(pid)), 0);
	CHECK_EQ(proc_try(getpid(), "usage", O_WRONLY), -1);
	CHECK_EQ(errno, EACCES);
}

TEST(usage_is_without_that_of_children)
{
	int fd = proc_open(getpid(), "usage.bin", O_RDONLY);
	uint64_t before = usage_read(fd).calls;
	pid_t pid = fork();

	if (pid == 0) {
		for (int i = 0; i < 5000; i++)
			call0(SYS_getppid);
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(pid)), 0);
	CHECK(usage_read(fd).calls < before + 100);
	close(fd);
}

static uint64_t
age_of(const struct trace_usage *usage)
{
	return usage->run_ns + usage->ready_ns + usage->waiting_ns +
	       usage->held_ns + usage->stopped_ns;
}

TEST(usage_adds_up_to_the_age_of_a_process)
{
	uint64_t before = now_ns(), made, began;
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_usage usage;

	made = now_ns();
	go(&t);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(kill(t.pid, SIGSTOP), 0);
	CHECK_EQ(waitpid(t.pid, NULL, WUNTRACED), t.pid);
	spin_ns(1000000);
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	go(&t);
	while (usage_of(t.pid).held_ns == 0)
		sched_yield();
	spin_ns(1000000);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	CHECK_EQ(told(&t), getpid());
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	began = now_ns();
	usage = usage_of(t.pid);
	CHECK(age_of(&usage) >= began - made);
	CHECK(age_of(&usage) <= now_ns() - before);
	CHECK(usage.stopped_ns >= 1000000 && usage.held_ns >= 1000000);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(usage_of_one_held_asleep_waits_until_it_parks)
{
	struct tracee t = tracee_start(sleeps);
	int fd = controller_bin(t.pid);
	struct trace_usage first, second;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK(put_text(fd, "stop\n") > 0);
	CHECK_EQ(packed(fd).type, TRACE_EV_stop);
	first = usage_of(t.pid);
	spin_ns(2000000);
	second = usage_of(t.pid);
	CHECK(second.waiting_ns >= first.waiting_ns + 2000000);
	CHECK_EQ(second.held_ns, 0);
	go(&t);
	do
		first = usage_of(t.pid);
	while (first.held_ns == 0 && sched_yield() == 0);
	spin_ns(2000000);
	second = usage_of(t.pid);
	CHECK(second.held_ns >= first.held_ns + 2000000);
	CHECK_EQ(second.waiting_ns, first.waiting_ns);
	CHECK(put_text(fd, "run\n") > 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

/* What is not taken from it while it runs is not ready: woken, it waits. */
TEST(usage_of_one_that_slept_waits_until_it_runs)
{
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_usage before, after;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	do {
		before = usage_of(t.pid);
		go(&t);
		spin_ns(100000);
		CHECK_EQ(told(&t), getpid());
		wait_state(t.pid, TRACE_STATE_ASLEEP);
		after = usage_of(t.pid);
	} while (after.preemptions != before.preemptions);
	CHECK_EQ(after.ready_ns, before.ready_ns);
	CHECK(after.waiting_ns > before.waiting_ns);
	CHECK_EQ(tracee_end(&t), 0);
}

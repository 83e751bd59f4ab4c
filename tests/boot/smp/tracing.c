/*
 * Tracer and tracee on two CPUs.
 *
 * The tracee spins or calls without rest while the tracer acts, so that the two
 * meet at every place there is.
 */
#include <limits.h>
#include <stdint.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include "trace/tracing.h"

TEST_SECONDS(600);

static long
loops(void)
{
	return test_size(3000, 100000);
}

static void
asks_often(const struct tracee *t)
{
	await(t);
	for (long i = loops(); i > 0; i--)
		if (call0(SYS_getpid) <= 0)
			_exit(1);
}

TEST(holds_across_cpus_are_neither_lost_nor_doubled)
{
	struct tracee t = tracee_start(asks_often);
	int fd = controller_bin(t.pid);
	struct trace_event event = {0};
	long enters = 0, leaves = 0;

	CHECK(put_text(fd, "on enter getpid hold\non leave getpid hold\n") > 0);
	go(&t);
	while (next_packed(fd, &event, NULL) > 0) {
		if (event.type == TRACE_EV_enter) {
			CHECK_EQ(enters, leaves);
			enters++;
		} else if (event.type == TRACE_EV_leave) {
			leaves++;
			CHECK_EQ(enters, leaves);
		}
	}
	CHECK_EQ(enters, loops());
	CHECK_EQ(leaves, loops());
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(logged_calls_across_cpus_are_all_told_in_order)
{
	struct tracee t = tracee_start(asks_often);
	int fd = controller_bin(t.pid);
	struct trace_event event = {0};
	uint64_t last = 0;
	long leaves = 0;

	CHECK(put_text(fd, "on leave getpid log\n") > 0);
	go(&t);
	while (next_packed(fd, &event, NULL) > 0) {
		CHECK(event.seq > last);
		last = event.seq;
		leaves += event.type == TRACE_EV_leave;
	}
	CHECK_EQ(leaves, loops());
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

/* The number of a line `getpid N ...` of its `calls`. */
static long
counted_getpids(pid_t pid)
{
	char text[4096];
	int fd = proc_open(pid, "calls", O_RDONLY);
	ssize_t n = read(fd, text, sizeof text - 1);

	CHECK(n >= 0);
	text[n] = '\0';
	close(fd);
	return strncmp(text, "getpid ", 7) ? 0 : strtol(text + 7, NULL, 10);
}

TEST(counts_across_cpus_are_exact_whatever_rules_come_and_go)
{
	struct tracee two[2] = {tracee_start(asks_often),
				tracee_start(asks_often)};
	int fd[2], other;

	for (int i = 0; i < 2; i++) {
		fd[i] = controller(two[i].pid);
		PUT(fd[i], "on leave getpid count\non end hold\n");
	}
	go(&two[0]);
	go(&two[1]);
	for (long i = test_size(100, 5000); i > 0; i--) {
		other = controller(two[i % 2].pid);
		CHECK(put(other, "on enter getpid count\n") > 0);
		CHECK(put(other, "on enter getpid return 1\n") > 0);
		PUT(fd[i % 2], "on leave getpid count\n");
		close(other);
	}
	for (int i = 0; i < 2; i++) {
		EXPECT(fd[i], "hold end exited 0");
		CHECK_EQ(counted_getpids(two[i].pid), loops());
		close(fd[i]);
		CHECK_EQ(tracee_end(&two[i]), 0);
	}
}

static _Atomic long *turns;

static void
counts(const struct tracee *t)
{
	(void)t;
	for (;;)
		atomic_fetch_add(turns, 1);
}

static struct tracee
start_counting(void)
{
	turns = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(turns != MAP_FAILED);
	return tracee_start(counts);
}

static void
await_turn(void)
{
	long before = atomic_load(turns);

	while (atomic_load(turns) == before)
		sched_yield();
}

static void
check_stands_still(void)
{
	const struct timespec pause = {.tv_nsec = 100000};
	long before = atomic_load(turns);

	nanosleep(&pause, NULL);
	CHECK_EQ(atomic_load(turns), before);
}

TEST(tracee_that_runs_on_the_other_cpu_is_stopped_and_goes_on)
{
	struct tracee t = start_counting();
	int fd = controller(t.pid);

	for (long i = test_size(100, 5000); i > 0; i--) {
		await_turn();
		PUT(fd, "stop\n");
		EXPECT(fd, "hold stop");
		check_stands_still();
		PUT(fd, "run\n");
	}
	await_turn();
	close(fd);
	tracee_kill(&t);
}

TEST(ctl_stop_of_one_that_runs_on_the_other_cpu_returns_when_it_stands_still)
{
	struct tracee t = start_counting();

	for (long i = test_size(100, 5000); i > 0; i--) {
		await_turn();
		CHECK_EQ(ctl(t.pid, "stop\n"), 0);
		check_stands_still();
		CHECK_EQ(ctl(t.pid, "run\n"), 0);
	}
	tracee_kill(&t);
}

/* The last close may meet the tracee anywhere. */
TEST(sessions_that_come_and_go_leave_a_tracee_on_the_other_cpu_unharmed)
{
	struct tracee t = tracee_start(asks_often);

	go(&t);
	for (long i = test_size(100, 5000); i > 0; i--) {
		int fd = proc_try(t.pid, "trace", O_RDWR);

		if (fd < 0)
			break;
		if (put(fd, "on enter getpid hold\n") > 0 && i % 2)
			next_line(fd);
		close(fd);
	}
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(tracee_that_is_killed_on_the_other_cpu_ends_its_session)
{
	for (long i = test_size(50, 2000); i > 0; i--) {
		struct tracee t = start_counting();
		int fd = controller(t.pid);

		await_turn();
		if (i % 2)
			PUT(fd, "stop\n");
		CHECK_EQ(kill(t.pid, SIGKILL), 0);
		while (next_line(fd)[0] != '\0')
			;
		close(fd);
		CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
		tester_end_count = 0;
		munmap((void *)(uintptr_t)turns, 4096);
	}
}

/* A page is written through `mem` while its owner counts in it. */
TEST(memory_is_read_and_written_while_its_owner_runs)
{
	struct tracee t = start_counting();
	int fd = proc_open(t.pid, "mem", O_RDWR);
	off_t at = (off_t)(uintptr_t)turns;
	long seen, last = 0;

	for (long i = test_size(1000, 100000); i > 0; i--) {
		CHECK_EQ(pread(fd, &seen, sizeof seen, at), sizeof seen);
		CHECK(seen >= last);
		last = seen;
		seen = i;
		CHECK_EQ(pwrite(fd, &seen, sizeof seen, at + 64), sizeof seen);
		CHECK_EQ(atomic_load(turns + 8), i);
	}
	close(fd);
	tracee_kill(&t);
}

/* ---- several readers ---- */

static _Atomic long *read_so_far;

static void
asks_for_ever(const struct tracee *t)
{
	await(t);
	for (;;)
		call0(SYS_getppid);
}

static void
read_until(int fd, long all)
{
	struct trace_event event;

	while (atomic_load(read_so_far) < all) {
		CHECK_EQ(read(fd, &event, sizeof event), sizeof event);
		atomic_fetch_add(read_so_far, 1);
	}
}

/* Whoever of them reads is given the event, or takes it back from the other. */
TEST(two_readers_of_a_session_go_on_whoever_is_faster)
{
	long all = test_size(5000, 500000);
	struct tracee t = tracee_start(asks_for_ever);
	int fd = controller_bin(t.pid);
	pid_t other;

	read_so_far = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(put_text(fd, "on enter getppid hold\n") > 0);
	go(&t);
	other = fork();
	if (other == 0)
		read_until(fd, LONG_MAX);
	read_until(fd, all);
	CHECK_EQ(kill(other, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(other)), 1000 + SIGKILL);
	/* and alone */
	atomic_store(read_so_far, 0);
	read_until(fd, 100);
	close(fd);
	tracee_kill(&t);
}

/* Processes on two CPUs: memory, pipes and children that they share. */
#include <stdint.h>
#include <stdatomic.h>
#include <sched.h>
#include "boot/children.h"

TEST_SECONDS(600);

#define WORKERS 4

static struct {
	_Atomic long counter;
	long guarded;	  /* by turn */
	_Atomic int turn; /* 0: free */
} * shared;

/* Starts workers that do the same and sees that all end with 0. */
static void
work_together(void (*body)(void))
{
	pid_t pids[WORKERS];

	for (int i = 0; i < WORKERS; i++)
		pids[i] = child_start(body);
	for (int i = 0; i < WORKERS; i++)
		CHECK_EQ(child_end(pids[i]), 0);
}

static long
rounds(void)
{
	return test_size(20000, 2000000);
}

static void
add(void)
{
	for (long i = rounds(); i > 0; i--) {
		atomic_fetch_add(&shared->counter, 1);
		while (atomic_exchange(&shared->turn, 1))
			sched_yield();
		shared->guarded++;
		atomic_store(&shared->turn, 0);
	}
}

TEST(counters_in_shared_memory_lose_no_turn)
{
	shared = shared_memory(4096);
	work_together(add);
	CHECK_EQ(shared->counter, WORKERS * rounds());
	CHECK_EQ(shared->guarded, WORKERS * rounds());
}

/* Neither gives the CPU away.  On one CPU each turn would cost a slice, 10 ms:
 * so many are done before this case's time is over only if both run at once. */
static void
take_turns(int mine)
{
	for (int i = 0; i < 4000; i++) {
		while (atomic_load(&shared->turn) != mine)
			;
		atomic_store(&shared->turn, !mine);
	}
}

TEST(two_that_never_wait_run_at_the_same_time)
{
	pid_t pid;

	shared = shared_memory(4096);
	pid = fork();
	CHECK(pid >= 0);
	take_turns(pid == 0);
	if (pid == 0)
		_exit(0);
	CHECK_EQ(child_end(pid), 0);
}

static void
nothing(void)
{
}

static void
fork_many(void)
{
	for (long i = test_size(100, 10000); i > 0; i--)
		CHECK_EQ(in_child(nothing), 0);
}

TEST(many_forks_on_two_cpus_lose_no_child)
{
	work_together(fork_many);
}

static void
spawn_many(void)
{
	char *argv[] = {(char[]){"x"}, (char[]){"nothing"}, NULL},
	     *env[] = {NULL};

	for (long i = test_size(20, 2000); i > 0; i--)
		CHECK_EQ(program_end("/test/boot/exec_helper", argv, env), 42);
}

TEST(many_programs_start_on_two_cpus)
{
	work_together(spawn_many);
}

/* Some are killed as they start, some as they end. */
static void
kill_many(void)
{
	for (long i = test_size(100, 10000); i > 0; i--) {
		pid_t pid = child_start(i % 2 ? nothing : spin_for_ever);
		int end;

		if (i % 4 < 2)
			sched_yield();
		CHECK_EQ(kill(pid, SIGKILL), 0);
		end = child_end(pid);
		CHECK(end == 128 + SIGKILL || (end == 0 && i % 2));
	}
}

TEST(children_that_are_killed_at_any_moment_are_reaped)
{
	work_together(kill_many);
}

static void
stop_many(void)
{
	pid_t pid = child_start(spin_for_ever);
	int status;

	for (long i = test_size(50, 5000); i > 0; i--) {
		CHECK_EQ(kill(pid, SIGSTOP), 0);
		CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
		CHECK(WIFSTOPPED(status));
		CHECK_EQ(kill(pid, SIGCONT), 0);
		CHECK_EQ(waitpid(pid, &status, WCONTINUED), pid);
		CHECK(WIFCONTINUED(status));
	}
	child_kill(pid);
}

TEST(stops_of_those_that_run_on_the_other_cpu_are_all_told)
{
	work_together(stop_many);
}

/* A number there and back, one more each time. */
static void
echo(int in, int out)
{
	long n;

	while (read(in, &n, sizeof n) == sizeof n) {
		n++;
		CHECK_EQ(write(out, &n, sizeof n), sizeof n);
	}
}

TEST(numbers_go_back_and_forth_through_pipes)
{
	int down[2], up[2];
	long n = 0;
	pid_t pid;

	CHECK_EQ(pipe(down), 0);
	CHECK_EQ(pipe(up), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		close(down[1]);
		echo(down[0], up[1]);
		_exit(0);
	}
	for (long i = test_size(1000, 50000); i > 0; i--) {
		long sent = n;

		CHECK_EQ(write(down[1], &n, sizeof n), sizeof n);
		CHECK_EQ(read(up[0], &n, sizeof n), sizeof n);
		CHECK_EQ(n, sent + 1);
	}
	close(down[1]);
	CHECK_EQ(child_end(pid), 0);
}

static int crowd[2];

static void
write_records(void)
{
	long record[8];

	for (long i = 0; i < 500; i++) {
		for (int j = 0; j < 8; j++)
			record[j] = getpid() * 1000L + i;
		CHECK_EQ(write(crowd[1], record, sizeof record), sizeof record);
	}
}

TEST(records_of_many_writers_of_a_pipe_stay_whole)
{
	pid_t pids[WORKERS];
	long record[8], got = 0;

	CHECK_EQ(pipe(crowd), 0);
	for (int i = 0; i < WORKERS; i++)
		pids[i] = child_start(write_records);
	close(crowd[1]);
	for (; read(crowd[0], record, sizeof record) == sizeof record; got++)
		for (int j = 1; j < 8; j++)
			CHECK_EQ(record[j], record[0]);
	CHECK_EQ(got, WORKERS * 500);
	for (int i = 0; i < WORKERS; i++)
		CHECK_EQ(child_end(pids[i]), 0);
}

/* Readers and writers of one file, each of whole pages of one letter. */
static void
use_file(void)
{
	static char page[4096];
	int fd = open("/tmp/smp-file", O_RDWR | O_APPEND);

	CHECK(fd >= 0);
	memset(page, 'a' + (int)(getpid() % 26), sizeof page);
	for (int i = 0; i < 50; i++)
		CHECK_EQ(write(fd, page, sizeof page), sizeof page);
}

TEST(appends_of_many_processes_to_one_file_stay_whole)
{
	static char page[4096];
	int fd = open("/tmp/smp-file", O_CREAT | O_RDWR | O_TRUNC, 0600);
	int pages = 0;

	CHECK(fd >= 0);
	work_together(use_file);
	for (; read(fd, page, sizeof page) == sizeof page; pages++)
		for (size_t i = 1; i < sizeof page; i++)
			CHECK_EQ(page[i], page[0]);
	CHECK_EQ(pages, WORKERS * 50);
	unlink("/tmp/smp-file");
}

static void
map_and_unmap(void)
{
	for (long i = test_size(300, 30000); i > 0; i--) {
		size_t size = 4096u * (size_t)(1 + i % 17);
		char *at = mmap(NULL, size, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		CHECK(at != MAP_FAILED);
		CHECK_EQ(at[size - 1], 0);
		memset(at, (int)i, size);
		CHECK_EQ(munmap(at, size), 0);
	}
}

TEST(memory_that_comes_and_goes_on_two_cpus_is_always_zero)
{
	work_together(map_and_unmap);
}

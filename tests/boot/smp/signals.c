/*
 * Signals from many senders at once, on more than one processor.
 */
#include "boot/signals.h"

TEST_SECONDS(120);

#define SENDERS 6
#define RT	SIGRTMIN

static volatile int counted[SENDERS], wrong_order;

/* Values of one sender come in the order in which it sent them. */
static void
count(int sig, siginfo_t *info, void *context)
{
	int sender = info->si_value.sival_int >> 24;
	int number = info->si_value.sival_int & 0xffffff;

	(void)sig, (void)context;
	wrong_order += number != counted[sender];
	counted[sender]++;
}

static void
send_all(int sender, int sends)
{
	pid_t parent = getppid();

	for (int i = 0; i < sends; i++) {
		while (queue(parent, RT, sender << 24 | i) < 0) {
			CHECK_EQ(errno, EAGAIN);
			pause_ms(1);
		}
	}
}

static int
all_counted(int sends)
{
	int all = 0;

	for (int i = 0; i < SENDERS; i++)
		all += counted[i];
	return all == SENDERS * sends;
}

TEST(storm_of_queued_signals_loses_none_and_keeps_each_senders_order)
{
	int sends = (int)test_size(500, 20000);
	volatile uint64_t work = 0;

	handle_info(RT, count, SA_RESTART);
	for (int i = 0; i < SENDERS; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0) {
			send_all(i, sends);
			_exit(0);
		}
	}
	for (int i = 0; i < SENDERS; i++)
		CHECK(wait(NULL) > 0);
	while (!all_counted(sends))
		work += 1;
	CHECK_EQ(wrong_order, 0);
}

static volatile int stormed;

static void
storm(int sig)
{
	(void)sig;
	stormed++;
}

static pid_t stormed_pid;

/* As long as it is there. */
static void
send_standard(void)
{
	static const int signals[] = {SIGUSR1, SIGUSR2, SIGHUP, SIGWINCH};

	for (int i = 0; getppid() == stormed_pid; i++)
		kill(stormed_pid, signals[i % 4]);
}

/* Reads, sleeps, forks and waits while the signals come. */
static void
work_in_the_storm(void)
{
	int ends[2];
	char byte = 0;
	pid_t pid;

	CHECK_EQ(pipe(ends), 0);
	for (int i = 0; i < test_size(100, 600); i++) {
		struct timespec time = {0, 10000};

		nanosleep(&time, NULL);
		CHECK_EQ(write(ends[1], "x", 1), 1);
		CHECK_EQ(read(ends[0], &byte, 1), 1);
		pid = fork();
		CHECK(pid >= 0);
		if (pid == 0)
			_exit(5);
		CHECK_EQ(child_end(pid), 5);
	}
}

/* Without SA_NODEFER: as many frames as signals come would fill the stack. */
TEST(program_works_on_in_a_storm_of_signals)
{
	pid_t senders[4];

	handle(SIGUSR1, storm, SA_RESTART);
	handle(SIGUSR2, storm, SA_RESTART);
	handle(SIGHUP, storm, SA_RESTART);
	stormed_pid = getpid();
	for (int i = 0; i < 4; i++)
		senders[i] = child_start(send_standard);
	work_in_the_storm();
	for (int i = 0; i < 4; i++)
		child_kill(senders[i]);
	CHECK(stormed > 0);
}

static void
be_stormed(void)
{
	handle(SIGUSR1, storm, SA_RESTART);
	handle(SIGUSR2, storm, SA_RESTART);
	handle(SIGHUP, storm, SA_RESTART);
	stormed_pid = getpid();
	for (int i = 0; i < 3; i++)
		child_start(send_standard);
	spin_for_ever();
}

TEST(SIGKILL_ends_a_process_in_a_storm)
{
	for (int i = 0; i < 10; i++) {
		pid_t pid = child_start(be_stormed);

		pause_ms(5);
		child_kill(pid);
	}
}

/* Stops and continuations that meet each other never leave it stopped. */
static void
stop_and_continue(void)
{
	pid_t other = getppid();

	for (int i = 0; i < test_size(200, 5000); i++) {
		kill(other, SIGTSTP);
		kill(other, SIGCONT);
	}
}

static void
be_stopped(void)
{
	pid_t pids[3];

	for (int i = 0; i < 3; i++)
		pids[i] = child_start(stop_and_continue);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(child_end(pids[i]), 0);
}

TEST(stops_and_continuations_from_many_leave_it_running)
{
	pid_t pid = child_start(be_stopped);

	CHECK_EQ(child_end(pid), 0);
}

/* A child ends while its parent takes its SIGCHLD, on two processors. */
static volatile int reaped;

static void
reap(int sig)
{
	(void)sig;
	while (waitpid(-1, NULL, WNOHANG) > 0)
		reaped++;
}

TEST(no_end_of_a_child_is_missed)
{
	sigset_t set = set_of(SIGCHLD), old;
	int children = (int)test_size(300, 10000);

	handle(SIGCHLD, reap, SA_RESTART);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, &old), 0);
	for (int i = 0; i < children; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0)
			_exit(0);
		if (i % 8 == 7)
			while (reaped < i - 7)
				CHECK_ERRNO(sigsuspend(&old), EINTR);
	}
	while (reaped < children)
		CHECK_ERRNO(sigsuspend(&old), EINTR);
	CHECK_ERRNO(waitpid(-1, NULL, 0), ECHILD);
}

/* For each byte that comes. */
static int stop_ends[2];

static void
stop_for_each_byte(void)
{
	char byte;

	while (read(stop_ends[0], &byte, 1) == 1)
		kill(getpid(), SIGSTOP);
}

static void
await_SIGCHLD(const sigset_t *set)
{
	CHECK_EQ(sigwaitinfo(set, NULL), SIGCHLD);
}

/* The signal of the continuation is taken as well: none is of an earlier turn.
 */
TEST(stop_is_found_at_once_when_its_SIGCHLD_has_come)
{
	sigset_t set = set_of(SIGCHLD);
	pid_t pid;
	int status;

	CHECK_EQ(pipe(stop_ends), 0);
	handle(SIGCHLD, catch, 0);
	block(SIGCHLD);
	pid = child_start(stop_for_each_byte);
	for (int i = 0; i < test_size(2000, 50000); i++) {
		CHECK_EQ(write(stop_ends[1], "x", 1), 1);
		await_SIGCHLD(&set);
		CHECK_EQ(waitpid(pid, &status, WNOHANG | WUNTRACED), pid);
		CHECK(WIFSTOPPED(status));
		CHECK_EQ(kill(pid, SIGCONT), 0);
		await_SIGCHLD(&set);
	}
	child_kill(pid);
}

/* ---- a fork that takes longer than a clock's interval ---- */

#define TABLES	  1000
#define FORKS_MAX 50

/* A page in each of many tables, all of which a fork copies. */
static void
become_long_to_fork(void)
{
	for (uint64_t i = 0; i < TABLES; i++) {
		void *at = (void *)(uintptr_t)((UINT64_C(1) << 44) + (i << 21));

		CHECK(mmap(at, 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			   0) == at);
		*(volatile char *)at = 1;
	}
}

/* *child ends with 7. */
static int64_t
fork_ns(pid_t *child)
{
	int64_t start = clock_ns(CLOCK_MONOTONIC);

	*child = fork();
	CHECK(*child >= 0);
	if (*child == 0)
		_exit(7);
	return clock_ns(CLOCK_MONOTONIC) - start;
}

static void
set_clock(long usec)
{
	struct itimerval value = {{0, usec}, {0, usec}};

	CHECK_EQ(setitimer(ITIMER_REAL, &value, NULL), 0);
}

/* A fork that each signal begins anew would not end while they come. */
static void
catch_until_too_many(int sig)
{
	(void)sig;
	if (++caught == FORKS_MAX)
		set_clock(0);
}

TEST(fork_is_not_starved_by_a_clock_that_comes_more_often_than_it_takes)
{
	int signals;
	pid_t child;
	long usec;

	become_long_to_fork();
	usec = (long)(fork_ns(&child) / 4000);
	CHECK_EQ(child_end(child), 7);
	handle(SIGALRM, catch_until_too_many, SA_RESTART);
	set_clock(usec < 1000 ? usec + 1 : 1000);
	fork_ns(&child);
	signals = caught;
	set_clock(0);
	CHECK_EQ(child_end(child), 7);
	CHECK(signals < FORKS_MAX);
}

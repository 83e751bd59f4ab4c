/*
 * Groups, sessions and the terminal while everybody moves at once, on two CPUs.
 *
 * What is raced is what a lock must make one: a fork against the walk of a
 * group, a stop against the end of who could continue it, the end of a leader
 * against a reader, a group's last member against who comes in.
 */
#include <stdint.h>
#include <stdatomic.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <termios.h>
#include "boot/chains.h"
#include "boot/memory.h"

TEST_SECONDS(600);

#define WORKERS	    4
#define PATIENCE_MS 20000
#define SLEEPERS    40
#define CHAINS	    6

static struct {
	_Atomic int gate;
	_Atomic int pid, ends;
} * shared;

/* Soon: far sooner than the time that the case has. */
static void
await_end_of(pid_t pid)
{
	int turns = 0;

	while (kill(pid, 0) == 0 && turns++ < PATIENCE_MS)
		pause_ms(1);
	CHECK_ERRNO(kill(pid, 0), ESRCH);
}

static void
turn_for(long turns)
{
	for (volatile long i = 0; i < turns; i++)
		;
}

/* Both sides come here, and leave at about the same time. */
static void
start_line(int party)
{
	atomic_fetch_add(&shared->gate, 1);
	while (atomic_load(&shared->gate) < party)
		sched_yield();
}

/* ---- kill of a group whose members are never the same for long ---- */

static pid_t
start_group(void)
{
	pid_t pgid = child_start(sleep_for_ever);

	CHECK_EQ(setpgid(pgid, pgid), 0);
	/* A walk that takes a while: who comes behind it comes too late. */
	for (int i = 0; i < SLEEPERS; i++)
		CHECK_EQ(setpgid(child_start(sleep_for_ever), pgid), 0);
	for (int i = 0; i < CHAINS; i++)
		chain_start(pgid);
	return pgid;
}

TEST(kill_of_a_group_reaches_members_that_replace_themselves)
{
	for (long i = test_size(20, 1000); i > 0; i--) {
		pid_t pgid = start_group();

		turn_for(i * 1000);
		CHECK_EQ(kill(-pgid, SIGKILL), 0);
		for (int j = 0; j < 1 + SLEEPERS; j++)
			CHECK(waitpid(-pgid, NULL, 0) > 0);
		await_end_of(-pgid);
	}
}

/* ---- everybody moves ---- */

static void
come_and_go(void)
{
	pid_t sid = getsid(0);

	setpgid(0, 0);
	setpgid(0, getppid());
	CHECK_EQ(getsid(0), sid);
	if (setsid() > 0) {
		CHECK_EQ(getsid(0), getpid());
		CHECK_EQ(getpgrp(), getpid());
	}
}

static void
move_children(void)
{
	pid_t last = 0;

	CHECK_EQ(setpgid(0, 0), 0);
	for (long i = test_size(150, 20000); i > 0; i--) {
		pid_t pid = child_start(come_and_go);

		setpgid(pid, last);
		kill(-pid, SIGCONT);
		waitpid(-pid, NULL, WNOHANG);
		kill(-last, 0);
		if (getpgid(pid) > 0 && last)
			waitpid(last, NULL, 0);
		last = pid;
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	CHECK_EQ(getpgrp(), getpid());
}

static void
move_in_many(void)
{
	pid_t pids[WORKERS];

	for (int i = 0; i < WORKERS; i++)
		pids[i] = child_start(move_children);
	for (int i = 0; i < WORKERS; i++)
		CHECK_EQ(child_end(pids[i]), 0);
}

TEST(groups_and_sessions_that_come_and_go_on_two_cpus_stay_sound)
{
	CHECK_EQ(in_child(move_in_many), 0);
}

static void
look_at_oneself(void)
{
	pid_t sid = getsid(0), pgid;

	while (!atomic_load(&shared->ends)) {
		pgid = getpgrp();
		CHECK(pgid == getpid() || pgid == getppid());
		CHECK_EQ(getsid(0), sid);
	}
}

/* Its parent moves it to and fro meanwhile. */
TEST(process_is_in_some_group_at_every_moment)
{
	pid_t pid;

	shared = shared_memory(4096);
	CHECK_EQ(setpgid(0, 0), 0);
	pid = child_start(look_at_oneself);
	for (long i = test_size(5000, 1000000); i > 0; i--)
		CHECK_EQ(setpgid(pid, i % 2 ? pid : getpid()), 0);
	shared->ends = 1;
	CHECK_EQ(child_end(pid), 0);
}

/* ---- a stop, and the end of who could continue it ---- */

static void
stop_at_the_line(void)
{
	start_line(2);
	raise(SIGTSTP);
}

static void
end_at_the_line(void)
{
	pid_t pid = child_start(stop_at_the_line);

	CHECK_EQ(setpgid(pid, pid), 0);
	shared->pid = pid;
	start_line(2);
	turn_for(shared->ends % 50 * 200);
}

/* Either it stopped first, and is hung up, or nothing stops it any more. */
TEST(nobody_stays_stopped_whose_group_is_orphaned_meanwhile)
{
	shared = shared_memory(4096);
	for (long i = test_size(200, 20000); i > 0; i--) {
		shared->gate = 0;
		shared->ends = (int)i;
		CHECK_EQ(in_child(end_at_the_line), 0);
		await_end_of(shared->pid);
	}
}

/* ---- the terminal ---- */

static int
open_terminal(void)
{
	int fd = open("tty:/console", O_RDWR);

	CHECK(fd >= 0);
	return fd;
}

static void
read_to_the_end(int fd)
{
	char c;

	signal(SIGHUP, SIG_IGN);
	atomic_fetch_add(&shared->gate, 1);
	CHECK_EQ(read(fd, &c, 1), 0);
	CHECK_ERRNO(write(fd, "", 1), EIO);
	atomic_fetch_add(&shared->ends, 1);
	_exit(0);
}

static void
lead_a_reader(void)
{
	int fd;
	pid_t pid;

	CHECK(setsid() > 0);
	fd = open_terminal();
	CHECK_EQ(tcgetpgrp(fd), getpid());
	pid = fork();
	if (pid == 0)
		read_to_the_end(fd);
	shared->pid = pid;
	while (!atomic_load(&shared->gate))
		sched_yield();
	turn_for(shared->ends % 50 * 200);
}

TEST(reader_meets_the_end_whenever_the_leader_ends)
{
	shared = shared_memory(4096);
	for (long i = test_size(100, 5000), n = 1; i > 0; i--, n++) {
		shared->gate = 0;
		CHECK_EQ(in_child(lead_a_reader), 0);
		await_end_of(shared->pid);
		CHECK_EQ(shared->ends, n);
	}
}

static void
want_the_terminal(void)
{
	int fd;

	CHECK(setsid() > 0);
	fd = open("tty:/console", O_RDWR | O_NOCTTY);
	CHECK(fd >= 0);
	start_line(2);
	if (ioctl(fd, TIOCSCTTY, 0) == 0) {
		CHECK_EQ(tcgetsid(fd), getpid());
		atomic_fetch_add(&shared->ends, 1);
	} else {
		CHECK_EQ(errno, EPERM);
		CHECK_ERRNO(tcgetpgrp(fd), ENOTTY);
	}
	atomic_fetch_add(&shared->gate, 1);
	while (atomic_load(&shared->gate) < 4)
		sched_yield();
}

TEST(of_two_leaders_one_gets_the_terminal)
{
	shared = shared_memory(4096);
	for (long i = test_size(100, 5000); i > 0; i--) {
		pid_t a, b;

		shared->gate = shared->ends = 0;
		a = child_start(want_the_terminal);
		b = child_start(want_the_terminal);
		CHECK_EQ(child_end(a), 0);
		CHECK_EQ(child_end(b), 0);
		CHECK_EQ(shared->ends, 1);
	}
}

/* Takes it whenever a new leader has it and is about to end. */
static void
take_the_terminal(void)
{
	unsigned random = 1;
	long seen = 0;
	int fd;

	signal(SIGHUP, SIG_IGN);
	CHECK(setsid() > 0);
	fd = open("tty:/console", O_RDWR | O_NOCTTY);
	CHECK(fd >= 0);
	for (;;) {
		while (atomic_load(&shared->ends) == seen)
			continue;
		seen = atomic_load(&shared->ends);
		random = random * 1103515245 + 12345;
		for (volatile unsigned i = (random >> 8) % 20000; i > 0; i--)
			continue;
		(void)ioctl(fd, TIOCSCTTY, 1);
	}
}

static void
lead_and_end(void)
{
	int fd;

	signal(SIGHUP, SIG_IGN);
	CHECK(setsid() > 0);
	fd = open("tty:/console", O_RDWR | O_NOCTTY);
	CHECK(fd >= 0);
	CHECK_EQ(ioctl(fd, TIOCSCTTY, 1), 0);
	atomic_fetch_add(&shared->ends, 1);
}

TEST(leader_ends_while_root_takes_its_terminal_away)
{
	pid_t thief;

	shared = shared_memory(4096);
	thief = child_start(take_the_terminal);
	for (long i = test_size(300, 30000); i > 0; i--)
		CHECK_EQ(in_child(lead_and_end), 0);
	CHECK_EQ(kill(thief, SIGKILL), 0);
	CHECK_EQ(waitpid(thief, NULL, 0), thief);
}

static int terminal;

/* In the background it is stopped, again and again. */
static void
read_for_ever(void)
{
	char c;

	for (;;)
		if (read(terminal, &c, 1) >= 0)
			_exit(1);
}

static void
change_the_foreground(void)
{
	pid_t pids[2];

	CHECK(setsid() > 0);
	terminal = open_terminal();
	signal(SIGTTOU, SIG_IGN);
	for (int i = 0; i < 2; i++) {
		pids[i] = child_start(read_for_ever);
		CHECK_EQ(setpgid(pids[i], pids[i]), 0);
	}
	for (long i = test_size(200, 10000); i > 0; i--) {
		pid_t back = pids[(i + 1) % 2];
		int status;

		CHECK_EQ(tcsetpgrp(terminal, pids[i % 2]), 0);
		CHECK_EQ(tcgetpgrp(terminal), pids[i % 2]);
		CHECK_EQ(waitpid(back, &status, WUNTRACED), back);
		CHECK(WIFSTOPPED(status));
		CHECK_EQ(WSTOPSIG(status), SIGTTIN);
		CHECK_EQ(kill(-back, SIGCONT), 0);
	}
	CHECK_EQ(tcsetpgrp(terminal, getpgrp()), 0);
	for (int i = 0; i < 2; i++) {
		CHECK_EQ(kill(-pids[i], SIGKILL), 0);
		CHECK_EQ(waitpid(pids[i], NULL, 0), pids[i]);
	}
}

TEST(reader_that_comes_into_the_background_is_stopped_each_time)
{
	CHECK_EQ(in_child(change_the_foreground), 0);
}

/* ---- nothing is left ---- */

static void
make_and_leave_sessions(void)
{
	for (int i = 0; i < 300; i++) {
		pid_t pid = child_start(come_and_go);

		setpgid(pid, pid);
		CHECK_EQ(child_end(pid), 0);
	}
}

/* A leak grows in each round, and by more than what is not freed yet. */
TEST(groups_and_sessions_leave_no_memory_behind)
{
	long rounds[4];
	int grew = 0;

	for (int i = 0; i < 4; i++) {
		make_and_leave_sessions();
		rounds[i] = memory("objects ");
		grew += i && rounds[i] > rounds[i - 1] + 100;
	}
	CHECK(grew < 3);
}

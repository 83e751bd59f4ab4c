/*
 * Calls that a signal finds asleep: which go on, which give EINTR, which hear
 * nothing of it.
 *
 * holds on Linux
 */
#include <poll.h>
#include "boot/signals.h"

static int ends[2];
static unsigned flags;

/* In a child: the call, with a handler for SIGUSR1; then the tester signals it
 * while it sleeps. */
static pid_t
start(void (*body)(void), unsigned with_flags)
{
	pid_t pid;

	flags = with_flags;
	CHECK_EQ(pipe(ends), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		handle(SIGUSR1, catch, flags);
		body();
		_exit(0);
	}
	wait_asleep(pid);
	return pid;
}

/* Signals it, and waits until it sleeps again. */
static void
disturb(pid_t pid, int sig)
{
	CHECK_EQ(kill(pid, sig), 0);
	wait_asleep(pid);
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
}

/* Signals it once while its call sleeps; the body says what came of it. */
static void
interrupt(void (*body)(void), unsigned with_flags)
{
	pid_t pid = start(body, with_flags);

	CHECK_EQ(kill(pid, SIGUSR1), 0);
	CHECK_EQ(child_end(pid), 0);
}

/* Its call still waits for a byte. */
static void
let_go_on(pid_t pid)
{
	CHECK_EQ(write(ends[1], "g", 1), 1);
	CHECK_EQ(child_end(pid), 0);
}

static void
read_byte(void)
{
	char byte = 0;

	CHECK_EQ(read(ends[0], &byte, 1), 1);
	CHECK_EQ(byte, 'g');
	CHECK_EQ(caught, 3);
}

TEST(read_with_SA_RESTART_goes_on_after_the_handler)
{
	pid_t pid = start(read_byte, SA_RESTART);

	for (int i = 0; i < 3; i++)
		disturb(pid, SIGUSR1);
	let_go_on(pid);
}

static void
read_interrupted(void)
{
	char byte;

	CHECK_ERRNO(read(ends[0], &byte, 1), EINTR);
	CHECK_EQ(caught, 1);
}

TEST(read_without_SA_RESTART_gives_EINTR)
{
	interrupt(read_interrupted, 0);
}

static void
read_undisturbed(void)
{
	char byte;

	block(SIGUSR2);
	handle(SIGURG, SIG_DFL, 0);
	handle(SIGHUP, SIG_IGN, 0);
	CHECK_EQ(read(ends[0], &byte, 1), 1);
	CHECK_EQ(caught, 0);
	CHECK(is_pending(SIGUSR2));
}

TEST(signals_that_do_nothing_disturb_no_call)
{
	pid_t pid = start(read_undisturbed, 0);

	disturb(pid, SIGUSR2);
	disturb(pid, SIGURG);
	disturb(pid, SIGHUP);
	disturb(pid, SIGCHLD);
	disturb(pid, SIGCONT);
	let_go_on(pid);
}

static void
read_stopped(void)
{
	char byte;

	CHECK_EQ(read(ends[0], &byte, 1), 1);
}

TEST(call_that_was_stopped_and_continued_goes_on)
{
	pid_t pid = start(read_stopped, 0);
	int status;

	/* a group of its own: SIGTSTP stops nobody in an orphaned one */
	CHECK_EQ(setpgid(pid, pid), 0);
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(kill(pid, i ? SIGTSTP : SIGSTOP), 0);
		status = wait_status_of(pid, WUNTRACED);
		CHECK(WIFSTOPPED(status));
		disturb(pid, SIGCONT);
	}
	let_go_on(pid);
}

static char full[1 << 20];

static void
write_much(void)
{
	ssize_t n = write(ends[1], full, sizeof full);

	CHECK(n > 0 && n < (ssize_t)sizeof full);
}

TEST(write_with_SA_RESTART_to_a_full_pipe_gives_what_was_written_before)
{
	interrupt(write_much, SA_RESTART);
}

static void
write_to_full(void)
{
	char byte = 'x';

	CHECK_EQ(write(ends[1], &byte, 1), 1);
	CHECK_EQ(caught, 1);
}

TEST(write_with_SA_RESTART_that_wrote_nothing_yet_goes_on)
{
	pid_t pid;

	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(fcntl(ends[1], F_SETFL, O_NONBLOCK), 0);
	while (write(ends[1], full, 4096) > 0)
		;
	CHECK_EQ(fcntl(ends[1], F_SETFL, 0), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		handle(SIGUSR1, catch, SA_RESTART);
		write_to_full();
		_exit(0);
	}
	wait_asleep(pid);
	disturb(pid, SIGUSR1);
	CHECK(read(ends[0], full, 65536) > 0);
	CHECK_EQ(child_end(pid), 0);
}

static void
end_when_told(void)
{
	char byte;

	CHECK_EQ(read(ends[0], &byte, 1), 1);
	_exit(7);
}

static void
wait_restarted(void)
{
	pid_t pid = child_start(end_when_told);

	CHECK_EQ(child_end(pid), 7);
	CHECK_EQ(caught, 1);
}

TEST(wait4_with_SA_RESTART_goes_on)
{
	pid_t pid = start(wait_restarted, SA_RESTART);

	disturb(pid, SIGUSR1);
	let_go_on(pid);
}

static void
wait_interrupted(void)
{
	pid_t pid = child_start(end_when_told);

	CHECK_ERRNO(waitpid(pid, NULL, 0), EINTR);
	CHECK_EQ(child_end(pid), 7);
}

TEST(wait4_without_SA_RESTART_gives_EINTR)
{
	pid_t pid = start(wait_interrupted, 0);

	disturb(pid, SIGUSR1);
	let_go_on(pid);
}

/* ---- calls that never go on ---- */

static void
sleep_interrupted(void)
{
	struct timespec time = {100, 0}, left = {0, 0};

	CHECK_ERRNO(nanosleep(&time, &left), EINTR);
	/* Linux's sleep is longer by its slack, and so may be what is left */
	CHECK(left.tv_sec >= 50 && left.tv_sec <= 100);
	CHECK_EQ(caught, 1);
}

TEST(nanosleep_gives_EINTR_and_the_time_that_is_left)
{
	interrupt(sleep_interrupted, SA_RESTART);
}

static void
poll_interrupted(void)
{
	struct pollfd fd = {.fd = ends[0], .events = POLLIN};

	CHECK_ERRNO(poll(&fd, 1, -1), EINTR);
	CHECK_EQ(caught, 1);
}

TEST(poll_gives_EINTR_whatever_the_handler_asks_for)
{
	interrupt(poll_interrupted, SA_RESTART);
}

static void
select_interrupted(void)
{
	fd_set set;

	FD_ZERO(&set);
	FD_SET(ends[0], &set);
	CHECK_ERRNO(select(ends[0] + 1, &set, NULL, NULL, NULL), EINTR);
}

TEST(select_gives_EINTR_whatever_the_handler_asks_for)
{
	interrupt(select_interrupted, SA_RESTART);
}

static void
pause_interrupted(void)
{
	CHECK_ERRNO(pause(), EINTR);
	CHECK_EQ(caught, 1);
}

TEST(pause_gives_EINTR_whatever_the_handler_asks_for)
{
	interrupt(pause_interrupted, SA_RESTART);
}

static void
await_interrupted(void)
{
	sigset_t set = set_of(SIGUSR2);

	block(SIGUSR2);
	CHECK_ERRNO(sigwaitinfo(&set, NULL), EINTR);
	CHECK_EQ(caught, 1);
}

TEST(sigwaitinfo_gives_EINTR_for_a_handler_of_another_signal)
{
	interrupt(await_interrupted, SA_RESTART);
}

/* ---- sleeps keep their time ---- */

static void
sleep_200ms(void)
{
	struct timespec time = {0, 200000000}, left = {1, 1};
	int64_t start_ns = clock_ns(CLOCK_MONOTONIC);

	block(SIGUSR1);
	CHECK_EQ(nanosleep(&time, &left), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start_ns >= 200000000);
}

TEST(sleep_that_was_stopped_keeps_its_end)
{
	pid_t pid = start(sleep_200ms, 0);
	int status;

	/* for as long as it sleeps: no stop may begin its time again */
	for (;;) {
		CHECK_EQ(kill(pid, SIGURG), 0);
		CHECK_EQ(kill(pid, SIGSTOP), 0);
		status = wait_status_of(pid, WUNTRACED);
		if (!WIFSTOPPED(status))
			break;
		CHECK_EQ(kill(pid, SIGCONT), 0);
		pause_ms(1);
	}
	CHECK(WIFEXITED(status));
	CHECK_EQ(WEXITSTATUS(status), 0);
}

/* ---- handlers that jump out ---- */

static void
handler_reads(int sig)
{
	char byte;

	(void)sig;
	CHECK_EQ(read(ends[0], &byte, 1), 1);
	CHECK_EQ(byte, '1');
	caught++;
}

static void
read_within_read(void)
{
	char byte;

	handle(SIGUSR1, handler_reads, SA_RESTART);
	CHECK_EQ(read(ends[0], &byte, 1), 1);
	CHECK_EQ(byte, '2');
	CHECK_EQ(caught, 1);
}

TEST(handler_makes_calls_and_the_one_it_interrupted_goes_on)
{
	pid_t pid = start(read_within_read, SA_RESTART);

	disturb(pid, SIGUSR1);
	CHECK_EQ(write(ends[1], "1", 1), 1);
	wait_asleep(pid);
	CHECK_EQ(write(ends[1], "2", 1), 1);
	CHECK_EQ(child_end(pid), 0);
}

static void
fork_many(void)
{
	struct itimerval fast = {{0, 200}, {0, 200}};

	handle(SIGALRM, catch, 0);
	CHECK_EQ(setitimer(ITIMER_REAL, &fast, NULL), 0);
	for (int i = 0; i < 100; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0)
			_exit(0);
		while (waitpid(pid, NULL, 0) < 0)
			CHECK_EQ(errno, EINTR);
	}
}

TEST(fork_never_gives_EINTR)
{
	CHECK_EQ(in_child(fork_many), 0);
}

/*
 * Signals and what this system alone has: a new image, a limit of the queue,
 * memory that comes back.
 */
#include "boot/memory.h"
#include "boot/signals.h"

TEST_SECONDS(300);

static void
become(const char *what)
{
	char name[] = "exec_helper", word[32];
	char *argv[] = {name, word, NULL};
	char *envp[] = {NULL};

	snprintf(word, sizeof word, "%s", what);
	execve("/test/boot/exec_helper", argv, envp);
	_exit(100 + errno);
}

static void
become_signals(void)
{
	stack_t stack = {.ss_sp = shared_memory(65536), .ss_size = 65536};

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	handle(SIGUSR1, catch, SA_ONSTACK);
	handle(SIGUSR2, SIG_IGN, 0);
	block(SIGHUP);
	block(SIGTERM);
	raise(SIGTERM);
	become("signals");
}

TEST(new_image_has_no_handlers_and_keeps_what_is_ignored_blocked_and_pending)
{
	CHECK_EQ(in_child(become_signals), 42);
}

static void
alarm_then_become(void)
{
	struct itimerval soon = {{0, 0}, {0, 50000}};

	CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
	become("pause");
}

TEST(alarm_goes_on_in_a_new_image)
{
	CHECK_EQ(in_child(alarm_then_become), 128 + SIGALRM);
}

TEST(queue_that_is_full_is_EAGAIN_and_loses_nothing)
{
	int sent = 0;

	handle(SIGRTMIN, catch, 0);
	block(SIGRTMIN);
	while (queue(getpid(), SIGRTMIN, sent) == 0)
		sent++;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(sent, 1024);
	/* standard signals have a place in any case, and what kill sends is
	 * not refused */
	handle(SIGUSR1, catch, 0);
	block(SIGUSR1);
	CHECK_EQ(kill(getpid(), SIGUSR1), 0);
	CHECK_EQ(queue(getpid(), SIGUSR1, 1), 0);
	CHECK_EQ(kill(getpid(), SIGRTMIN), 0);
	unblock(SIGUSR1);
	CHECK_EQ(caught, 1);
	unblock(SIGRTMIN);
	CHECK_EQ(caught, 1 + sent);
}

static void
end_with_a_full_queue(void)
{
	block(SIGRTMIN);
	while (queue(getpid(), SIGRTMIN, 0) == 0)
		;
}

static void
ready_made(void)
{
	become("nothing");
}

/* Is there as much memory as before?  What was freed comes back a little later:
 * threads are freed by the reaper. */
static int
memory_is_back(long before, long objects_before)
{
	long after = 0, objects_after = 0;

	for (int i = 0; i < 100; i++) {
		after = memory("free ");
		objects_after = memory("objects ");
		if (after >= before && objects_after <= objects_before)
			return 1;
		pause_ms(10);
	}
	printf("%ld bytes and %ld objects are missing\n", before - after,
	       objects_after - objects_before);
	return 0;
}

static void
many_times(void (*child)(void), int status, long times)
{
	for (long i = 0; i < times; i++)
		CHECK_EQ(in_child(child), status);
}

/* What the kernel keeps in stock settles in the first rounds; a leak grows in
 * each. */
static void
check_no_leak(void (*child)(void), int status, long times)
{
	many_times(child, status, 200);
	for (int round = 0; round < 4; round++) {
		long before, objects;

		pause_ms(100);
		before = memory("free ");
		objects = memory("objects ");
		many_times(child, status, times);
		if (memory_is_back(before, objects))
			return;
	}
	CHECK(!"memory goes in each round");
}

TEST(full_queues_are_freed_with_their_processes)
{
	check_no_leak(end_with_a_full_queue, 0, test_size(50, 1000));
}

TEST(ten_thousand_forks_and_execs_leak_no_page)
{
	check_no_leak(ready_made, 42, 10000);
}

static void
caught_and_killed(void)
{
	struct itimerval soon = {{0, 300}, {0, 300}};

	handle(SIGALRM, catch, SA_RESTART);
	CHECK_EQ(setitimer(ITIMER_REAL, &soon, NULL), 0);
	while (caught < 3)
		;
	raise(SIGKILL);
}

TEST(processes_that_end_with_an_alarm_running_leak_nothing)
{
	check_no_leak(caught_and_killed, 128 + SIGKILL, test_size(100, 2000));
}

TEST(sigtimedwait_into_bad_memory_is_EFAULT)
{
	sigset_t set = set_of(SIGUSR1);
	void *bad = (void *)(uintptr_t)8;

	block(SIGUSR1);
	raise(SIGUSR1);
	CHECK_ERRNO(sigwaitinfo(&set, bad), EFAULT);
}

/* Process groups that nobody could continue: what becomes of their stops. */
#include "boot/meet.h"

static volatile int *seen; /* shared: which signals came */

static void
note_signal(int sig)
{
	seen[sig] = 1;
}

static void
stop_and_note(void)
{
	signal(SIGHUP, note_signal);
	signal(SIGCONT, note_signal);
	signal(SIGUSR1, note_signal);
	seen[0] = getpid();
	while (!seen[SIGUSR1])
		pause_ms(1);
	meet();
}

static pid_t
start_a_job(void)
{
	pid_t pid = child_start(stop_and_note);

	CHECK_EQ(setpgid(pid, pid), 0);
	while (!seen[0])
		pause_ms(1);
	return pid;
}

/* A shell whose job is stopped, and which ends. */
static void
leave_a_stopped_job(void)
{
	pid_t pid = start_a_job();
	int status;

	CHECK_EQ(kill(-pid, SIGTSTP), 0);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
}

TEST(stopped_group_that_is_orphaned_gets_SIGHUP_and_SIGCONT)
{
	make_pipes();
	seen = shared_memory(4096);
	CHECK_EQ(in_child(leave_a_stopped_job), 0);
	while (!seen[SIGHUP] || !seen[SIGCONT])
		pause_ms(1);
	kill(seen[0], SIGUSR1);
	await_child();
	let_go();
	while (kill(seen[0], 0) == 0)
		pause_ms(1);
}

static void
leave_a_running_job(void)
{
	start_a_job();
}

TEST(running_group_that_is_orphaned_is_left_alone)
{
	make_pipes();
	seen = shared_memory(4096);
	CHECK_EQ(in_child(leave_a_running_job), 0);
	kill(seen[0], SIGUSR1);
	await_child();
	CHECK(!seen[SIGHUP] && !seen[SIGCONT]);
	let_go();
	while (kill(seen[0], 0) == 0)
		pause_ms(1);
}

static void
raise_stops(void)
{
	CHECK(setsid() > 0);
	raise(SIGTSTP);
	raise(SIGTTIN);
	raise(SIGTTOU);
}

TEST(stops_of_terminals_pass_by_an_orphaned_group)
{
	CHECK_EQ(in_child(raise_stops), 0);
}

static void
raise_SIGSTOP(void)
{
	CHECK(setsid() > 0);
	raise(SIGSTOP);
}

TEST(SIGSTOP_stops_an_orphaned_group_too)
{
	pid_t pid = child_start(raise_SIGSTOP);
	int status;

	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(child_end(pid), 0);
}

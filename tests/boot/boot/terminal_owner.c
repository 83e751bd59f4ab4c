/*
 * The terminal and its session: who gets it, who loses it, what becomes of it
 * and of its jobs when its leader ends.
 */
#include "boot/terminal.h"

static void
open_in_all_ways(void)
{
	CHECK(setsid() > 0);
	terminal = open("tty:", O_RDWR | O_NOCTTY);
	CHECK_ERRNO(tcgetsid(terminal), ENOTTY);
	CHECK_ERRNO(tcgetpgrp(terminal), ENOTTY);
	CHECK_ERRNO(tcsetpgrp(terminal, getpgrp()), ENOTTY);
	CHECK(open("tty:", O_WRONLY) >= 0);
	CHECK_ERRNO(tcgetsid(terminal), ENOTTY);
	CHECK(open("tty:", O_RDONLY) >= 0);
	CHECK_EQ(tcgetsid(terminal), getpid());
	CHECK_EQ(tcgetpgrp(terminal), getpid());
	CHECK_EQ(ioctl(terminal, TIOCSCTTY, 0), 0);
}

TEST(first_open_to_read_by_a_session_leader_gets_the_terminal)
{
	CHECK_EQ(in_child(open_in_all_ways), 0);
}

static void
open_only(void)
{
	terminal = open("tty:", O_RDWR);
	CHECK_ERRNO(tcgetsid(terminal), ENOTTY);
	CHECK_ERRNO(ioctl(terminal, TIOCSCTTY, 0), EPERM);
	CHECK_ERRNO(ioctl(terminal, TIOCNOTTY, 0), ENOTTY);
}

TEST(terminal_is_not_for_who_leads_no_session)
{
	CHECK_EQ(in_child(open_only), 0);
}

static void
want_the_terminal(void)
{
	CHECK(setsid() > 0);
	CHECK_ERRNO(tcgetsid(terminal), ENOTTY);
	CHECK_ERRNO(ioctl(terminal, TIOCSCTTY, 0), EPERM);
	CHECK(open("tty:", O_RDWR) >= 0);
	CHECK_ERRNO(tcgetsid(terminal), ENOTTY);
	CHECK_EQ(setuid(1000), 0);
	CHECK_ERRNO(ioctl(terminal, TIOCSCTTY, 1), EPERM);
}

static void
steal_the_terminal(void)
{
	CHECK(setsid() > 0);
	CHECK_EQ(ioctl(terminal, TIOCSCTTY, 1), 0);
	CHECK_EQ(tcgetsid(terminal), getpid());
}

static void
lose_the_terminal(void)
{
	char c;

	CHECK_EQ(in_child(want_the_terminal), 0);
	CHECK_EQ(tcgetsid(terminal), getpid());
	signal(SIGHUP, note);
	CHECK_EQ(in_child(steal_the_terminal), 0);
	await_note(&seen[SIGHUP]);
	CHECK_EQ(read(terminal, &c, 1), 0);
	CHECK_ERRNO(write(terminal, "x", 1), EIO);
	CHECK_ERRNO(tcgetsid(terminal), EIO);
	CHECK(!isatty(terminal));
	/* The thief is gone: it is free again. */
	CHECK_EQ(ioctl(terminal, TIOCSCTTY, 0), 0);
	CHECK_EQ(write(terminal, "\n", 1), 1);
}

TEST(terminal_of_a_session_is_taken_only_by_root_and_by_force)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(lose_the_terminal), 0);
}

static void
set_wrong_foregrounds(void)
{
	pid_t pid = job_start(sleep_for_ever), group;

	CHECK_ERRNO(tcsetpgrp(terminal, 0), EINVAL);
	CHECK_ERRNO(tcsetpgrp(terminal, -1), EINVAL);
	CHECK_ERRNO(tcsetpgrp(terminal, 4000000), EPERM);
	CHECK_ERRNO(tcsetpgrp(terminal, getpgid(getppid())), EPERM);
	CHECK_ERRNO(ioctl(terminal, TIOCSPGRP, NULL), EFAULT);
	CHECK_ERRNO(ioctl(terminal, 0x1234, NULL), ENOTTY);
	CHECK_EQ(tcgetpgrp(terminal), getpid());
	foreground(pid);
	child_kill(pid);
	/* Nobody's number, until somebody is there again. */
	group = tcgetpgrp(terminal);
	CHECK(group > 1);
	CHECK_ERRNO(kill(-group, 0), ESRCH);
	foreground(getpid());
}

TEST(foreground_is_a_group_of_the_session)
{
	CHECK_EQ(in_session(set_wrong_foregrounds), 0);
}

static void
leave_alone(void)
{
	CHECK_EQ(ioctl(terminal, TIOCNOTTY, 0), 0);
	CHECK_ERRNO(tcgetsid(terminal), ENOTTY);
	CHECK_ERRNO(ioctl(terminal, TIOCNOTTY, 0), ENOTTY);
}

static void
give_the_terminal_up(void)
{
	CHECK_EQ(in_child(leave_alone), 0);
	CHECK_EQ(tcgetsid(terminal), getpid());
	signal(SIGHUP, note);
	CHECK_EQ(ioctl(terminal, TIOCNOTTY, 0), 0);
	await_note(&seen[SIGHUP]);
	CHECK_ERRNO(tcgetattr(terminal, &(struct termios){0}), EIO);
}

TEST(terminal_is_given_up_by_one_process_or_by_the_leader_for_all)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(give_the_terminal_up), 0);
}

/* ---- hang-up ---- */

static void
read_until_hung_up(void)
{
	struct pollfd p = {.fd = terminal, .events = POLLIN};
	char c;

	signal(SIGHUP, note);
	signal(SIGCONT, note);
	signal(SIGTTOU, SIG_IGN);
	CHECK_EQ(tcsetpgrp(terminal, getpgrp()), 0);
	seen[0] = getpid();
	while (read(terminal, &c, 1) < 0)
		CHECK_EQ(errno, EINTR);
	CHECK_ERRNO(write(terminal, "x", 1), EIO);
	CHECK_EQ(poll(&p, 1, 0), 1);
	CHECK(p.revents & POLLHUP);
	CHECK(!isatty(terminal));
	CHECK_ERRNO(tcgetpgrp(terminal), EIO);
	while (!seen[SIGHUP] || !seen[SIGCONT])
		pause_ms(1);
	seen[1] = 1;
}

static void
leave_a_foreground_job(void)
{
	job_start(read_until_hung_up);
	await_note(&seen[0]);
	await_sleep(seen[0], "the terminal");
}

TEST(end_of_the_leader_hangs_up_and_frees_the_terminal)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(leave_a_foreground_job), 0);
	await_note(&seen[1]);
	while (kill(seen[0], 0) == 0)
		pause_ms(1);
	CHECK_EQ(in_session(write_a_line), 0);
}

static void
leave_a_stopped_job(void)
{
	pid_t pid = job_start(read_a_line);

	check_stopped_by(pid, SIGTTIN);
	seen[0] = pid;
}

TEST(end_of_the_leader_ends_a_stopped_job)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(leave_a_stopped_job), 0);
	while (kill(seen[0], 0) == 0)
		pause_ms(1);
}

TEST(killed_leader_leaves_the_terminal_to_the_next)
{
	CHECK_EQ(in_session((void (*)(void))abort), 128 + SIGABRT);
	CHECK_EQ(in_session(write_a_line), 0);
}

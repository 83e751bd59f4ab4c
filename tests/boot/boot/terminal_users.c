/* The terminal of a session whose members are not root. */
#include "boot/terminal.h"

#define USER 1000

static void
open_by_name(void)
{
	char c;

	CHECK_EQ(setuid(USER), 0);
	CHECK_ERRNO(open("tty:/console", O_RDWR), EACCES);
	close(terminal);
	terminal = open(ctermid(NULL), O_RDWR);
	CHECK(isatty(terminal));
	CHECK_EQ(tcgetpgrp(terminal), getpgrp());
	CHECK_EQ(fcntl(terminal, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(terminal, &c, 1), EAGAIN);
}

TEST(user_opens_the_terminal_of_the_own_session)
{
	CHECK_EQ(in_session(open_by_name), 0);
}

static void
leave_the_session(void)
{
	CHECK(setsid() > 0);
	CHECK_EQ(setuid(USER), 0);
	CHECK_ERRNO(open("tty:", O_RDWR), EACCES);
}

static void
give_up_the_terminal(void)
{
	CHECK_EQ(ioctl(terminal, TIOCNOTTY, 0), 0);
	CHECK_EQ(setuid(USER), 0);
	CHECK_ERRNO(open("tty:", O_RDWR), EACCES);
}

static void
have_members_that_leave(void)
{
	CHECK_EQ(in_child(leave_the_session), 0);
	CHECK_EQ(in_child(give_up_the_terminal), 0);
}

TEST(user_opens_no_terminal_that_is_not_of_the_own_session)
{
	CHECK_EQ(in_session(have_members_that_leave), 0);
}

static void
lose_the_terminal(void)
{
	signal(SIGHUP, SIG_IGN);
	CHECK_EQ(ioctl(terminal, TIOCNOTTY, 0), 0);
	CHECK_EQ(setuid(USER), 0);
	CHECK_ERRNO(open("tty:", O_RDWR), EACCES);
	CHECK_ERRNO(open("tty:", O_RDWR | O_NOCTTY), EACCES);
}

TEST(user_cannot_open_again_what_was_hung_up)
{
	CHECK_EQ(in_session(lose_the_terminal), 0);
}

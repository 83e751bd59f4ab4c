/* The terminal's line as programs see it: modes, flow, what waits. */
#include "boot/terminal.h"

static void
check_read(size_t most, const char *expected)
{
	char text[8192];
	ssize_t n = read(terminal, text, most);

	CHECK_EQ(n, strlen(expected));
	CHECK_EQ(memcmp(text, expected, (size_t)n), 0);
}

static int
waiting(void)
{
	int n = -1;

	CHECK_EQ(ioctl(terminal, FIONREAD, &n), 0);
	return n;
}

static void
read_lines(void)
{
	type("one\ntwo\nthr");
	CHECK_EQ(waiting(), 8);
	check_read(2, "on");
	check_read(100, "e\n");
	check_read(100, "two\n");
	CHECK_EQ(fcntl(terminal, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(terminal, &(char){0}, 1), EAGAIN);
	type("ee\x04");
	check_read(100, "three");
	type("\x04");
	check_read(100, "");
	CHECK_ERRNO(read(terminal, &(char){0}, 1), EAGAIN);
}

TEST(lines_are_read_one_at_a_time_and_ends_of_input_end)
{
	CHECK_EQ(in_session(read_lines), 0);
}

static void
read_with_a_bad_pointer(void)
{
	type("one\n");
	CHECK_ERRNO(read(terminal, (void *)8, 100), EFAULT);
	check_read(100, "one\n");
}

TEST(bad_pointer_loses_no_key)
{
	CHECK_EQ(in_session(read_with_a_bad_pointer), 0);
}

static void
read_a_long_line(void)
{
	char line[4097];
	int i;

	for (i = 0; i < 4095; i++)
		type("x");
	CHECK_EQ(waiting(), 0);
	type("y"); /* the bell */
	type("\n");
	memset(line, 'x', 4095);
	line[4095] = '\n';
	line[4096] = '\0';
	CHECK_EQ(waiting(), 4096);
	/* A reader can make room now. */
	CHECK_ERRNO(ioctl(terminal, TIOCSTI, "z"), EAGAIN);
	check_read(8192, line);
	type("z\n");
	check_read(100, "z\n");
}

TEST(line_of_4096_bytes_is_read_whole)
{
	CHECK_EQ(in_session(read_a_long_line), 0);
}

static void
poll_for(int milliseconds, int expected)
{
	struct pollfd p = {.fd = terminal, .events = POLLIN};

	CHECK_EQ(poll(&p, 1, milliseconds), expected);
}

static void
set_raw(cc_t min, cc_t time)
{
	struct termios raw;

	CHECK_EQ(tcgetattr(terminal, &raw), 0);
	cfmakeraw(&raw);
	raw.c_cc[VMIN] = min;
	raw.c_cc[VTIME] = time;
	CHECK_EQ(tcsetattr(terminal, TCSANOW, &raw), 0);
}

static void
read_raw(void)
{
	int64_t start;

	type("ab");
	poll_for(0, 0);
	set_raw(1, 0);
	poll_for(0, 1);
	type("\x03\x1a\r");
	check_read(3, "ab\x03");
	check_read(100, "\x1a\r");
	poll_for(0, 0);
	set_raw(3, 0);
	type("xy");
	poll_for(0, 0);
	type("z");
	poll_for(0, 1);
	check_read(100, "xyz");
	set_raw(0, 0);
	check_read(100, "");
	set_raw(5, 1);
	type("q");
	start = clock_ns(CLOCK_MONOTONIC);
	check_read(100, "q");
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 100000000);
}

TEST(raw_reads_give_what_MIN_and_TIME_say)
{
	CHECK_EQ(in_session(read_raw), 0);
}

static void
type_later(void)
{
	await_sleep(getppid(), "the terminal");
	type("a");
	await_sleep(getppid(), "the terminal");
	type("b");
	await_sleep(getppid(), "the terminal");
	type("c");
}

static void
read_three(void)
{
	pid_t pid;

	set_raw(3, 0);
	pid = child_start(type_later);
	check_read(100, "abc");
	CHECK_EQ(child_end(pid), 0);
}

TEST(raw_read_waits_for_MIN_bytes)
{
	CHECK_EQ(in_session(read_three), 0);
}

static void
change_modes(void)
{
	type("abc\n\x04x");
	set_raw(1, 0);
	CHECK_EQ(waiting(), 6);
	check_read(100, "abc\n\x04x");
	type("raw");
	terminal_reset(0);
	CHECK_EQ(waiting(), 0); /* TCSAFLUSH */
	type("line\n");
	check_read(100, "line\n");
}

TEST(keys_survive_a_change_of_mode_that_does_not_flush)
{
	CHECK_EQ(in_session(change_modes), 0);
}

static void
flush(void)
{
	type("one\ntwo");
	CHECK_EQ(tcflush(terminal, TCOFLUSH), 0);
	CHECK_EQ(waiting(), 4);
	CHECK_EQ(tcflush(terminal, TCIFLUSH), 0);
	CHECK_EQ(waiting(), 0);
	type("3\n");
	check_read(100, "3\n");
	CHECK_ERRNO(tcflush(terminal, 3), EINVAL);
	CHECK_ERRNO(tcflow(terminal, 4), EINVAL);
	CHECK_ERRNO(tcsetattr(terminal, 3, &(struct termios){0}), EINVAL);
	CHECK_EQ(tcdrain(terminal), 0);
}

TEST(flush_forgets_what_was_typed)
{
	CHECK_EQ(in_session(flush), 0);
}

TEST(calls_of_terminals_on_what_is_none_are_ENOTTY)
{
	int fd = open("null:", O_RDWR);

	CHECK_ERRNO(tcflush(fd, TCIFLUSH), ENOTTY);
	CHECK_ERRNO(tcdrain(fd), ENOTTY);
	CHECK_ERRNO(tcgetpgrp(fd), ENOTTY);
	CHECK_ERRNO(tcgetsid(fd), ENOTTY);
	CHECK_ERRNO(tcsetpgrp(fd, getpgrp()), ENOTTY);
	CHECK_ERRNO(tcsendbreak(fd, 0), ENOTTY);
	CHECK_EQ(ttyname_r(fd, (char[8]){0}, 8), ENOTTY);
	CHECK(ttyname(fd) == NULL);
}

static void
name_it(void)
{
	char name[L_ctermid];

	CHECK_STR(ttyname(terminal), "tty:");
	CHECK_EQ(ttyname_r(terminal, name, 4), ERANGE);
	CHECK_STR(ctermid(NULL), "tty:");
	CHECK_STR(ctermid(name), "tty:");
	CHECK(open(name, O_RDWR) >= 0);
}

TEST(terminal_has_a_name_by_which_it_opens)
{
	CHECK_EQ(in_session(name_it), 0);
}

/* ---- flow ---- */

static int
output_waiting(void)
{
	int n = -1;

	CHECK_EQ(ioctl(terminal, TIOCOUTQ, &n), 0);
	return n;
}

static void
stop_and_start(void)
{
	pid_t pid;

	CHECK_EQ(output_waiting(), 0);
	type("\x13");
	pid = child_start(write_a_line);
	await_sleep(pid, "the terminal's output");
	CHECK_EQ(output_waiting(), 3); /* x, CR, NL */
	type("\x11");
	CHECK_EQ(child_end(pid), 0);
	CHECK_EQ(output_waiting(), 0);
}

TEST(output_waits_from_stop_to_start)
{
	CHECK_EQ(in_session(stop_and_start), 0);
}

static void
drain(void)
{
	CHECK_EQ(tcdrain(terminal), 0);
}

static void
stop_by_call(void)
{
	pid_t pid, draining;

	CHECK_EQ(tcflow(terminal, TCOOFF), 0);
	pid = child_start(write_a_line);
	await_sleep(pid, "the terminal's output");
	draining = child_start(drain);
	await_sleep(draining, "the terminal's output");
	CHECK_EQ(tcflow(terminal, TCOON), 0);
	CHECK_EQ(child_end(pid), 0);
	CHECK_EQ(child_end(draining), 0);
	CHECK_EQ(tcflow(terminal, TCIOFF), 0);
	CHECK_EQ(tcflow(terminal, TCION), 0);
}

TEST(output_is_stopped_and_started_by_tcflow)
{
	CHECK_EQ(in_session(stop_by_call), 0);
}

static void
write_much(void)
{
	static char much[8192];

	memset(much, '.', sizeof(much));
	CHECK_EQ(write(terminal, much, sizeof(much)), sizeof(much));
}

static void
interrupt_output(void)
{
	pid_t pid = job_start(write_much);

	CHECK(child_end(pid) == 0);
	type("\x13");
	pid = job_start(write_much);
	foreground(pid);
	await_sleep(pid, "the terminal's output");
	type("\x03");
	CHECK_EQ(child_end(pid), 128 + SIGINT);
	CHECK_EQ(write(terminal, "\n", 1), 1);
}

TEST(interrupt_ends_a_writer_whose_output_was_stopped)
{
	CHECK_EQ(in_session(interrupt_output), 0);
}

static void
interrupt_what_waits(void)
{
	signal(SIGINT, SIG_IGN);
	type("\x13");
	CHECK_EQ(fcntl(terminal, F_SETFL, O_NONBLOCK), 0);
	CHECK_EQ(write(terminal, "nobody sees this", 16), 16);
	CHECK_EQ(output_waiting(), 16);
	type("\x03");
	CHECK_EQ(output_waiting(), 0);
}

TEST(interrupt_forgets_the_output_that_waits)
{
	CHECK_EQ(in_session(interrupt_what_waits), 0);
}

static void
stop_for_ever(void)
{
	pid_t pid;

	type("\x13");
	pid = child_start(write_much);
	await_sleep(pid, "the terminal's output");
	child_kill(pid);
	CHECK_EQ(fcntl(terminal, F_SETFL, O_NONBLOCK), 0);
	while (write(terminal, "..........", 10) > 0)
		continue;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(tcflush(terminal, TCOFLUSH), 0);
	CHECK_EQ(output_waiting(), 0);
	CHECK_EQ(write(terminal, "x", 1), 1);
	type("\x11");
}

TEST(writer_that_waits_for_start_can_be_killed)
{
	CHECK_EQ(in_session(stop_for_ever), 0);
}

static void
end_with_output_stopped(void)
{
	type("\x13");
	CHECK_EQ(fcntl(terminal, F_SETFL, O_NONBLOCK), 0);
	CHECK_EQ(write(terminal, "x", 1), 1);
}

TEST(output_that_was_stopped_goes_on_when_the_settings_say_so)
{
	CHECK_EQ(in_session(end_with_output_stopped), 0);
	terminal = open("tty:", O_RDWR);
	CHECK_EQ(tcflow(terminal, TCOON), 0);
	CHECK_EQ(tcdrain(terminal), 0);
	CHECK_EQ(in_session(write_a_line), 0);
}

/* ---- settings ---- */

TEST(speeds_are_kept_and_wrong_ones_refused)
{
	struct termios termios = {0};

	CHECK_EQ(cfsetospeed(&termios, B9600), 0);
	CHECK_EQ(cfgetospeed(&termios), B9600);
	CHECK_EQ(cfgetispeed(&termios), B9600);
	CHECK_EQ(cfsetispeed(&termios, B0), 0);
	CHECK_EQ(cfgetospeed(&termios), B9600);
	CHECK_EQ(cfsetispeed(&termios, B115200), 0);
	CHECK_EQ(cfgetospeed(&termios), B115200);
	CHECK_ERRNO(cfsetospeed(&termios, 115200), EINVAL);
}

static void
set_all(void)
{
	struct termios old, all, got;

	CHECK_EQ(tcgetattr(terminal, &old), 0);
	memset(&all, 0x55, sizeof(all));
	all.c_lflag &= ~(tcflag_t)(ISIG | TOSTOP);
	CHECK_EQ(tcsetattr(terminal, TCSADRAIN, &all), 0);
	CHECK_EQ(tcgetattr(terminal, &got), 0);
	CHECK_EQ(memcmp(&all, &got, sizeof(all)), 0);
	CHECK_EQ(tcsetattr(terminal, TCSADRAIN, &old), 0);
	CHECK_ERRNO(ioctl(terminal, TCSETS, NULL), EFAULT);
	CHECK_ERRNO(ioctl(terminal, TCGETS, NULL), EFAULT);
}

TEST(settings_are_kept_as_they_were_given)
{
	CHECK_EQ(in_session(set_all), 0);
}

static void
be_no_root(void)
{
	CHECK_EQ(setuid(1000), 0);
	CHECK_ERRNO(ioctl(terminal, TIOCSTI, "x"), EPERM);
}

TEST(only_root_types_by_a_call)
{
	CHECK_EQ(in_session(be_no_root), 0);
}

static void
send_a_break(void)
{
	int64_t start = clock_ns(CLOCK_MONOTONIC);

	CHECK_EQ(tcsendbreak(terminal, 0), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 250000000);
	CHECK_EQ(write(terminal, "\n", 1), 1);
}

TEST(break_holds_the_line_for_a_quarter_of_a_second)
{
	CHECK_EQ(in_session(send_a_break), 0);
}

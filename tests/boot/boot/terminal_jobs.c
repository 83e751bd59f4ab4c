/*
 * The terminal and its jobs: whom keys reach, what the background may not, who
 * hears of its size.
 */
#include "boot/terminal.h"

/* ---- keys ---- */

static void
note_keys(void)
{
	signal(SIGINT, note);
	signal(SIGQUIT, note);
	signal(SIGTSTP, note);
	seen[0] = 1;
	sleep_for_ever();
}

static void
press_keys(void)
{
	pid_t front = job_start(note_keys), back;

	await_note(&seen[0]);
	back = job_start(sleep_for_ever);
	foreground(front);
	type("abc\x03\x1c\x1a");
	await_note(&seen[SIGINT]);
	await_note(&seen[SIGQUIT]);
	await_note(&seen[SIGTSTP]);
	CHECK_EQ(waitpid(back, NULL, WNOHANG | WUNTRACED), 0);
	foreground(back);
	type("\x1a");
	check_stopped_by(back, SIGTSTP);
	CHECK_EQ(kill(back, SIGCONT), 0);
	type("\x1c");
	CHECK_EQ(child_end(back), 128 + SIGQUIT);
	CHECK_EQ(seen[SIGINT] + seen[SIGQUIT] + seen[SIGTSTP], 3);
	child_kill(front);
}

TEST(keys_reach_the_foreground_and_nobody_else)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(press_keys), 0);
}

static void
press_in_a_pipeline(void)
{
	pid_t first = job_start(sleep_for_ever), second;

	second = child_start(sleep_for_ever);
	CHECK_EQ(setpgid(second, first), 0);
	foreground(first);
	type("\x03");
	CHECK_EQ(child_end(first), 128 + SIGINT);
	CHECK_EQ(child_end(second), 128 + SIGINT);
}

TEST(interrupt_reaches_all_of_a_pipeline)
{
	CHECK_EQ(in_session(press_in_a_pipeline), 0);
}

static void
press_after_flush_and_not(void)
{
	char text[16];

	signal(SIGINT, note);
	type("one\nx\x03two\n");
	await_note(&seen[SIGINT]);
	CHECK_EQ(read(terminal, text, sizeof(text)), 4);
	CHECK_EQ(memcmp(text, "two\n", 4), 0);
	terminal_reset(NOFLSH);
	type("one\nx\x03two\n");
	CHECK_EQ(read(terminal, text, sizeof(text)), 4);
	CHECK_EQ(read(terminal, text, sizeof(text)), 5);
	CHECK_EQ(memcmp(text, "xtwo\n", 5), 0);
}

TEST(interrupt_flushes_what_was_typed_unless_NOFLSH)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(press_after_flush_and_not), 0);
}

/* ---- the background ---- */

static void
read_in_the_background(void)
{
	pid_t pid = job_start(read_a_line);

	check_stopped_by(pid, SIGTTIN);
	type("hello\n");
	foreground(pid);
	CHECK_EQ(kill(-pid, SIGCONT), 0);
	CHECK_EQ(child_end(pid), 0);
}

TEST(background_reader_is_stopped_and_reads_in_the_foreground)
{
	CHECK_EQ(in_session(read_in_the_background), 0);
}

static void
continue_in_the_background(void)
{
	pid_t pid = job_start(read_a_line);

	check_stopped_by(pid, SIGTTIN);
	CHECK_EQ(kill(-pid, SIGCONT), 0);
	check_stopped_by(pid, SIGTTIN);
	child_kill(pid);
}

TEST(background_reader_that_is_continued_there_stops_again)
{
	CHECK_EQ(in_session(continue_in_the_background), 0);
}

static void
read_with_SIGTTIN_shut_out(void)
{
	sigset_t set;
	char c;

	signal(SIGTTIN, SIG_IGN);
	CHECK_ERRNO(read(terminal, &c, 1), EIO);
	signal(SIGTTIN, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, SIGTTIN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	CHECK_ERRNO(read(terminal, &c, 1), EIO);
}

static void
read_shut_out(void)
{
	CHECK_EQ(child_end(job_start(read_with_SIGTTIN_shut_out)), 0);
}

TEST(background_reader_that_cannot_be_stopped_gets_EIO)
{
	CHECK_EQ(in_session(read_shut_out), 0);
}

static void
read_with_a_handler(void)
{
	struct sigaction action = {.sa_handler = note};
	char c;

	sigaction(SIGTTIN, &action, NULL);
	CHECK_ERRNO(read(terminal, &c, 1), EINTR);
	CHECK_EQ(seen[SIGTTIN], 1);
}

static void
read_handled(void)
{
	CHECK_EQ(child_end(job_start(read_with_a_handler)), 0);
}

TEST(background_reader_with_a_handler_gets_EINTR)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(read_handled), 0);
}

/* Its parent is gone: nobody could continue it. */
static void
read_and_write_as_an_orphan(void)
{
	pid_t parent = getppid();
	char c;

	seen[0] = 1;
	while (getppid() == parent)
		pause_ms(1);
	CHECK_ERRNO(read(terminal, &c, 1), EIO);
	CHECK_EQ(write(terminal, "\n", 1), 1);
	seen[1] = errno;
	CHECK_ERRNO(tcsetpgrp(terminal, getpgrp()), EIO);
	seen[2] = 1;
}

static void
leave_an_orphan(void)
{
	job_start(read_and_write_as_an_orphan);
	await_note(&seen[0]);
}

static void
wait_for_the_orphan(void)
{
	CHECK_EQ(in_child(leave_an_orphan), 0);
	await_note(&seen[2]);
}

TEST(orphan_in_the_background_gets_EIO)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(wait_for_the_orphan), 0);
}

static void
write_in_the_background(void)
{
	pid_t pid;

	CHECK_EQ(child_end(job_start(write_a_line)), 0);
	terminal_reset(TOSTOP);
	pid = job_start(write_a_line);
	check_stopped_by(pid, SIGTTOU);
	foreground(pid);
	CHECK_EQ(kill(-pid, SIGCONT), 0);
	CHECK_EQ(child_end(pid), 0);
	foreground(getpid());
	signal(SIGTTOU, SIG_IGN);
	CHECK_EQ(child_end(job_start(write_a_line)), 0);
	terminal_reset(0);
}

TEST(background_writer_is_stopped_with_TOSTOP)
{
	CHECK_EQ(in_session(write_in_the_background), 0);
}

static void
change_attributes(void)
{
	struct termios termios;

	CHECK_EQ(tcgetattr(terminal, &termios), 0);
	CHECK_EQ(tcsetattr(terminal, TCSANOW, &termios), 0);
}

static void
take_the_foreground(void)
{
	CHECK_EQ(tcsetpgrp(terminal, getpgrp()), 0);
}

static void
flush_both(void)
{
	CHECK_EQ(tcflush(terminal, TCIOFLUSH), 0);
}

static void
change_in_the_background(void)
{
	static void (*const changes[])(void) = {
		change_attributes, take_the_foreground, flush_both};

	for (int i = 0; i < 3; i++) {
		pid_t pid = job_start(changes[i]);

		check_stopped_by(pid, SIGTTOU);
		foreground(pid);
		CHECK_EQ(kill(-pid, SIGCONT), 0);
		CHECK_EQ(child_end(pid), 0);
		foreground(getpid());
	}
}

TEST(background_that_changes_settings_is_stopped)
{
	CHECK_EQ(in_session(change_in_the_background), 0);
}

static void
send_a_reader_to_the_background(void)
{
	pid_t pid = job_start(read_a_line);

	check_stopped_by(pid, SIGTTIN);
	foreground(pid);
	CHECK_EQ(kill(-pid, SIGCONT), 0);
	await_sleep(pid, "the terminal");
	foreground(getpid());
	check_stopped_by(pid, SIGTTIN);
	type("mine\n");
	child_kill(pid);
}

TEST(reader_that_comes_into_the_background_takes_nothing)
{
	CHECK_EQ(in_session(send_a_reader_to_the_background), 0);
}

/* ---- size ---- */

static void
note_size(void)
{
	signal(SIGWINCH, note);
	seen[0] = 1;
	sleep_for_ever();
}

static void
change_the_size(void)
{
	struct winsize old, size;
	pid_t pid = job_start(note_size);

	await_note(&seen[0]);
	CHECK_EQ(ioctl(terminal, TIOCGWINSZ, &old), 0);
	size = old;
	size.ws_row = 50;
	size.ws_col = 132;
	foreground(pid);
	CHECK_EQ(ioctl(terminal, TIOCSWINSZ, &size), 0);
	await_note(&seen[SIGWINCH]);
	CHECK_EQ(ioctl(terminal, TIOCSWINSZ, &size), 0);
	memset(&size, 0, sizeof(size));
	CHECK_EQ(ioctl(terminal, TIOCGWINSZ, &size), 0);
	CHECK_EQ(size.ws_row, 50);
	CHECK_EQ(size.ws_col, 132);
	child_kill(pid);
	CHECK_EQ(seen[SIGWINCH], 1);
	CHECK_EQ(ioctl(terminal, TIOCSWINSZ, &old), 0);
}

TEST(change_of_the_size_tells_the_foreground)
{
	seen = shared_memory(4096);
	CHECK_EQ(in_session(change_the_size), 0);
}

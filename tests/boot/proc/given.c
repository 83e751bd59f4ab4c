/*
 * An event that comes while its reader waits is given to that reader at once.
 * What the reader cannot take is in the queue again, and nothing else changed.
 */
#include <sys/mman.h>
#include "trace/tracing.h"

static struct tracee t;
static int fd;

/* A process that lets the tracee go on once the tester sleeps in its read. */
static pid_t
goes_when_asleep(void)
{
	pid_t tester = getpid(), pid = fork();

	if (pid)
		return pid;
	wait_state(tester, TRACE_STATE_ASLEEP);
	go(&t);
	_exit(0);
}

static void
start(const char *rule)
{
	t = tracee_start(asks_for_parent);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, rule) > 0);
}

static void
done(pid_t goer, int64_t result)
{
	CHECK_EQ(wait_for(goer), 0);
	close(fd);
	CHECK_EQ(told(&t), result);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
nothing_was_delivered(void)
{
	CHECK_ERRNO(put_text(fd, "return 5\n"), ESTALE);
	CHECK_ERRNO(put_text(fd, "run seq 1\n"), ESTALE);
}

static void
still_the_first(void)
{
	struct trace_event event = packed(fd);

	CHECK_EQ(event.type, TRACE_EV_enter);
	CHECK_EQ(event.seq, 1);
	CHECK(event.flags & TRACE_EF_HOLD);
	CHECK(put_text(fd, "return 5\n") > 0);
}

TEST(given_event_stays_when_its_reader_has_a_bad_buffer)
{
	pid_t goer;

	start("on enter getppid hold\n");
	goer = goes_when_asleep();
	CHECK_ERRNO(read(fd, (void *)8, TRACE_EVENT_SIZE), EFAULT);
	nothing_was_delivered();
	still_the_first();
	done(goer, 5);
}

TEST(given_event_stays_when_its_reader_has_no_room)
{
	char byte;
	pid_t goer;

	start("on enter getppid hold\n");
	goer = goes_when_asleep();
	CHECK_ERRNO(read(fd, &byte, 1), EMSGSIZE);
	nothing_was_delivered();
	still_the_first();
	done(goer, 5);
}

TEST(given_line_that_is_read_in_part_is_not_delivered)
{
	char byte;
	pid_t goer;

	t = tracee_start(asks_for_parent);
	fd = controller(t.pid);
	put(fd, "on enter getppid hold\n");
	goer = goes_when_asleep();
	CHECK_EQ(read(fd, &byte, 1), 1);
	CHECK_EQ(byte, '1');
	CHECK_ERRNO(put(fd, "return 5\n"), ESTALE);
	CHECK(strstr(next_line(fd), "hold enter getppid"));
	put(fd, "return 5\n");
	done(goer, 5);
}

TEST(given_event_of_a_tracee_that_is_killed_meanwhile_is_read_once)
{
	struct trace_event event;
	pid_t goer;

	start("on enter getppid hold\n");
	goer = goes_when_asleep();
	event = packed(fd);
	CHECK_EQ(event.type, TRACE_EV_enter);
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	event = packed(fd);
	CHECK_EQ(event.type, TRACE_EV_end);
	CHECK_EQ(read(fd, &event, sizeof event), 0);
	CHECK_EQ(wait_for(goer), 0);
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGKILL);
}

/* Of the two that sleep one gets the event, whichever; the other the next. */
TEST(second_reader_sleeps_on_while_an_event_is_given_and_gets_the_next)
{
	struct trace_event *got, mine;
	pid_t goer, other;

	got = mmap(NULL, sizeof *got, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(got != MAP_FAILED);
	start("on enter getppid hold\non leave getppid hold\n");
	other = fork();
	if (!other) {
		CHECK_EQ(read(fd, got, sizeof *got), sizeof *got);
		if (got->type == TRACE_EV_enter)
			CHECK(put_text(fd, "run\n") > 0);
		_exit(0);
	}
	wait_state(other, TRACE_STATE_ASLEEP);
	goer = goes_when_asleep();
	mine = packed(fd);
	if (mine.type == TRACE_EV_enter)
		CHECK(put_text(fd, "run\n") > 0);
	CHECK_EQ(wait_for(other), 0);
	CHECK_EQ(mine.seq + got->seq, 3);
	CHECK_EQ(mine.type + got->type, TRACE_EV_enter + TRACE_EV_leave);
	done(goer, getpid());
}

/* ---- a reader that is stopped itself ---- */

static pid_t other;
static struct trace_event *got;

/* Another process that shares the session and is stopped while it waits. */
static void
stopped_reader(void)
{
	got = mmap(NULL, sizeof *got, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(got != MAP_FAILED);
	other = fork();
	if (!other) {
		CHECK_EQ(read(fd, got, sizeof *got), sizeof *got);
		_exit(0);
	}
	wait_state(other, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(other, SIGSTOP), 0);
	wait_state(other, TRACE_STATE_STOPPED);
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
}

TEST(event_given_to_a_stopped_reader_can_be_read_by_another)
{
	struct pollfd poll_fd;

	start("on enter getppid hold\n");
	stopped_reader();
	poll_fd = (struct pollfd){.fd = fd, .events = POLLIN};
	CHECK_EQ(poll(&poll_fd, 1, 0), 1);
	CHECK(poll_fd.revents & POLLIN);
	still_the_first();
	CHECK_EQ(kill(other, SIGKILL), 0);
	CHECK_EQ(wait_for(other), SIGKILL);
	close(fd);
	CHECK_EQ(told(&t), 5);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(verb_lets_go_of_what_was_given_to_a_stopped_reader)
{
	char line[64];

	start("on enter getppid hold\n");
	stopped_reader();
	CHECK_ERRNO(put_text(fd, "return 5\n"), ESTALE);
	snprintf(line, sizeof line, "run tid %d\n", (int)t.pid);
	CHECK(put_text(fd, line) > 0);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(kill(other, SIGCONT), 0);
	CHECK_EQ(wait_for(other), 0);
	CHECK_EQ(got->type, TRACE_EV_enter);
	CHECK(!(got->flags & TRACE_EF_HOLD));
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(close_with_a_stopped_reader_lets_its_tracee_run)
{
	start("on enter getppid hold\n");
	stopped_reader();
	CHECK_EQ(kill(other, SIGKILL), 0);
	CHECK_EQ(wait_for(other), SIGKILL);
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

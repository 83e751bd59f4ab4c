/*
 * poll and O_NONBLOCK on a session: poll advances nothing.
 */
#include "trace/scene.h"

static int
polled(int fd, int timeout_ms)
{
	struct pollfd p = {.fd = fd, .events = POLLIN | POLLPRI};
	int n = poll(&p, 1, timeout_ms);

	CHECK(n >= 0);
	return p.revents;
}

TEST(poll_shows_in_for_an_event_and_pri_for_a_hold)
{
	int fd = session_on(asks_for_parent);

	CHECK_EQ(polled(fd, 0), 0);
	PUT(fd, "on enter getppid log\n");
	asks();
	CHECK_EQ(polled(fd, -1), POLLIN);
	EXPECT(fd, "log enter getppid");
	CHECK_EQ(polled(fd, 0), 0);
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	CHECK_EQ(polled(fd, -1) & POLLIN, POLLIN);
	wait_state(t.pid, TRACE_STATE_HELD);
	CHECK_EQ(polled(fd, 0), POLLIN | POLLPRI);
	EXPECT(fd, "hold enter getppid");
	for (int i = 0; i < 5; i++)
		CHECK_EQ(polled(fd, 0), POLLPRI);
	expect_state(TRACE_STATE_HELD);
	PUT(fd, "run\n");
	CHECK_EQ(polled(fd, 0), 0);
	answers();
	finish(fd);
}

TEST(poll_shows_hup_without_targets)
{
	int fd, empty = open("proc:/new", O_RDWR | O_CLOEXEC);

	CHECK_EQ(polled(empty, 0), POLLHUP);
	fd = session_on(sleeps);
	CHECK_EQ(polled(fd, 0), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(polled(fd, 0), POLLIN | POLLHUP);
	EXPECT(fd, "log end exited 0");
	CHECK_EQ(polled(fd, 0), POLLHUP);
	PUT(fd, "new /bin/true true\n");
	CHECK_EQ(polled(fd, 0), POLLIN | POLLPRI);
	EXPECT(fd, "hold start");
	EXPECT(fd, "log end exited 0");
	close(fd);
	close(empty);
	CHECK(wait(NULL) > 0);
}

TEST(poll_waits_until_an_event_comes)
{
	struct timespec nap = {.tv_nsec = 20000000};
	int fd;
	pid_t starter;

	fd = session_on(asks_for_parent);
	PUT(fd, "on enter getppid hold\n");
	starter = fork();
	if (starter == 0) {
		nanosleep(&nap, NULL);
		go(&t);
		_exit(0);
	}
	CHECK_EQ(polled(fd, 10000) & POLLIN, POLLIN);
	EXPECT(fd, "hold enter getppid");
	close(fd);
	answers();
	wait_for(starter);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(poll_wakes_when_the_last_target_ends)
{
	int fd = session_on(sleeps);

	go(&t);
	CHECK(polled(fd, 10000) & (POLLIN | POLLHUP));
	CHECK_EQ(tracee_end(&t), 0);
	EXPECT(fd, "log end exited 0");
	CHECK_EQ(polled(fd, 0), POLLHUP);
	close(fd);
}

TEST(poll_ends_at_its_time_limit)
{
	int fd = session_on(sleeps);

	CHECK_EQ(polled(fd, 30), 0);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(nonblocking_tracer_reads_until_EAGAIN_and_then_polls)
{
	int fd, seen = 0;

	t = tracee_start(asks_for_parent);
	fd = proc_open(t.pid, "trace", O_RDWR | O_NONBLOCK);
	PUT(fd, "on enter getppid hold\non leave getppid hold\n");
	for (int i = 0; i < 10; i++) {
		go(&t);
		for (int n = 0; n < 2;) {
			char line[256];
			ssize_t got = read(fd, line, sizeof line);

			if (got > 0) {
				n++;
				seen++;
				continue;
			}
			CHECK_EQ(got, -1);
			CHECK_EQ(errno, EAGAIN);
			CHECK_EQ(polled(fd, 10000) & POLLIN, POLLIN);
		}
		CHECK_ERRNO(read(fd, &seen, 1), EAGAIN);
		answers();
	}
	CHECK_EQ(seen, 20);
	finish(fd);
}

TEST(nonblock_may_be_set_by_fcntl)
{
	char c;
	int fd = session_on(sleeps);

	CHECK_EQ(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
	CHECK_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(fd, &c, 1), EAGAIN);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(poll_shows_out_always)
{
	int fd = session_on(asks_for_parent);
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	CHECK_EQ(poll(&p, 1, -1), 1);
	CHECK_EQ(p.revents, POLLOUT);
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	CHECK_EQ(poll(&p, 1, -1), 1);
	CHECK_EQ(p.revents & POLLOUT, POLLOUT);
	close(fd);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
	fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	p = (struct pollfd){.fd = fd, .events = POLLOUT};
	CHECK_EQ(poll(&p, 1, -1), 1);
	CHECK_EQ(p.revents & POLLOUT, POLLOUT);
	close(fd);
}

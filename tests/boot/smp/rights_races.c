/*
 * Rights against time, on two CPUs.
 */
#include "boot/attach_race.h"

TEST_SECONDS(7200);

TEST(nobody_gets_at_a_program_by_attaching_while_its_process_rises)
{
	attach_race(test_size(150, 100000));
}

/* ---- stops that meet an exec: who rises goes on ---- */

static pid_t stopped;

/* Stops it and sets it off until he may not. */
static void
stops_by_ctl(const struct tracee *t)
{
	int fd;

	rise_become(USER);
	fd = proc_open(stopped, "ctl", O_WRONLY);
	tell(t, 0);
	while (put(fd, "stop\n") == 5)
		CHECK(put(fd, "run\n") == 4 || errno == EACCES);
	CHECK_EQ(errno, EACCES);
	tell(t, 0);
}

static void
stops_by_session(const struct tracee *t)
{
	struct event e = {0};
	int fd;

	rise_become(USER);
	fd = proc_open(stopped, "trace", O_RDWR);
	tell(t, 0);
	while (put(fd, "stop\n") == 5) {
		e = next_event(fd);
		if (strcmp(e.what, "log revoked") == 0)
			break;
		CHECK_EQ(strncmp(e.what, "hold stop", 9), 0);
		CHECK(put(fd, "run\n") == 4 || errno == ESRCH);
	}
	if (strcmp(e.what, "log revoked") != 0) {
		CHECK_EQ(errno, ESRCH);
		do
			e = next_event(fd);
		while (strcmp(e.what, "log revoked") != 0);
	}
	EXPECT_END(fd);
	tell(t, 0);
}

/* Root's stops stay, whatever it becomes. */
static void
stops_as_root(const struct tracee *t)
{
	int fd = proc_open(stopped, "ctl", O_WRONLY);

	tell(t, 0);
	do {
		CHECK_EQ(put(fd, "stop\n"), 5);
		CHECK_EQ(status_of(stopped).holds, 1);
		CHECK_EQ(put(fd, "run\n"), 4);
	} while (status_of(stopped).uid[1] != 0);
	tell(t, 0);
}

/* It tells something before long, or stands still. */
static void
goes_on(const struct tracee *t)
{
	struct pollfd told_what = {.fd = t->from, .events = POLLIN};

	if (poll(&told_what, 1, 10000) == 1)
		return;
	kill(t->pid, SIGKILL);
	test_fail(__FILE__, __LINE__, "%d does not go on", (int)t->pid);
}

static void
stops_against_exec(void (*stops)(const struct tracee *))
{
	rise_program(0, 0, 04755);
	for (long i = test_size(60, 20000); i > 0; i--) {
		struct tracee t = rise_start(rises), other;

		stopped = t.pid;
		other = rise_start(stops);
		go(&t);
		goes_on(&t);
		CHECK_EQ(told(&t), RISE_IDS(0, USER, 1));
		goes_on(&other);
		CHECK_EQ(tracee_end(&other), 0);
		CHECK_EQ(status_of(t.pid).holds, 0);
		go(&t);
		goes_on(&t);
		CHECK_EQ(told(&t), getpid());
		CHECK_EQ(tracee_end(&t), 0);
		tester_end_count = 0;
	}
	unlink(RISE_PROGRAM);
}

TEST(stop_of_a_user_that_meets_an_exec_does_not_land_on_who_has_risen)
{
	stops_against_exec(stops_by_ctl);
}

TEST(stop_of_a_users_session_that_meets_an_exec_does_not_land_either)
{
	stops_against_exec(stops_by_session);
}

TEST(stop_of_root_that_meets_an_exec_lands)
{
	stops_against_exec(stops_as_root);
}

/*
 * alarm and setitimer.
 *
 * holds on Linux
 */
#include "boot/signals.h"

TEST(alarm_is_SIGALRM_after_its_time)
{
	int64_t start = clock_ns(CLOCK_MONOTONIC);
	sigset_t none = set_of(0);

	handle(SIGALRM, catch, 0);
	block(SIGALRM); /* it may come before it is waited for */
	CHECK_EQ(alarm(1), 0);
	CHECK_ERRNO(sigsuspend(&none), EINTR);
	CHECK_EQ(caught, 1);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 1000000000);
	CHECK_EQ(alarm(0), 0);
}

TEST(alarm_gives_what_was_left_of_the_one_before)
{
	unsigned left;

	CHECK_EQ(alarm(100000), 0);
	left = alarm(1000); /* the less, the slower the machine */
	CHECK(left > 90000 && left <= 100000);
	left = alarm(0);
	CHECK(left > 0 && left <= 1000);
	CHECK_EQ(alarm(0), 0);
}

static void
die_of_alarm(void)
{
	struct itimerval value = {{0, 0}, {0, 5000}};

	CHECK_EQ(setitimer(ITIMER_REAL, &value, NULL), 0);
	spin_for_ever();
}

TEST(alarm_without_a_handler_ends_the_process)
{
	CHECK_EQ(in_child(die_of_alarm), 128 + SIGALRM);
}

TEST(clock_with_an_interval_comes_again_and_again)
{
	struct itimerval value = {{0, 2000}, {0, 1000}}, now,
			 none = {{0, 0}, {0, 0}};

	handle(SIGALRM, catch, 0);
	CHECK_EQ(setitimer(ITIMER_REAL, &value, NULL), 0);
	while (caught < 20)
		CHECK_ERRNO(pause(), EINTR);
	CHECK_EQ(getitimer(ITIMER_REAL, &now), 0);
	CHECK_EQ(now.it_interval.tv_usec, 2000);
	CHECK(now.it_value.tv_sec == 0 && now.it_value.tv_usec <= 2001);
	CHECK_EQ(setitimer(ITIMER_REAL, &none, &now), 0);
	CHECK_EQ(now.it_interval.tv_usec, 2000);
	CHECK_EQ(getitimer(ITIMER_REAL, &now), 0);
	CHECK_EQ(now.it_interval.tv_usec + now.it_value.tv_usec, 0);
	caught = 0;
	pause_ms(20);
	CHECK_EQ(caught, 0);
}

static void
no_alarm(void)
{
	struct itimerval now;

	CHECK_EQ(getitimer(ITIMER_REAL, &now), 0);
	CHECK_EQ(now.it_value.tv_sec + now.it_value.tv_usec, 0);
}

TEST(child_has_no_alarm)
{
	CHECK_EQ(alarm(100), 0);
	CHECK_EQ(in_child(no_alarm), 0);
	CHECK(alarm(0) > 90);
}

TEST(setitimer_refuses_what_has_no_meaning)
{
	struct itimerval bad = {{0, 0}, {0, 1000000}},
			 before = {{-1, 0}, {0, 0}};

	CHECK_ERRNO(setitimer(77, &bad, NULL), EINVAL);
	CHECK_ERRNO(getitimer(77, &bad), EINVAL);
	CHECK_ERRNO(setitimer(ITIMER_REAL, &bad, NULL), EINVAL);
	CHECK_ERRNO(setitimer(ITIMER_REAL, &before, NULL), EINVAL);
}

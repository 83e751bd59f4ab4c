/*
 * What a hold costs the machine: two switches, no idling.  Runs on one CPU.
 */
#include "trace/tracing.h"

struct counters {
	unsigned long switches, idle;
};

static struct counters
counters(void)
{
	struct counters c;
	char text[1024];
	const char *at;
	int fd = open("sys:/cpu", O_RDONLY);
	ssize_t n = read(fd, text, sizeof text - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(fd);
	CHECK(strchr(text, '\n') == text + n - 1); /* one CPU */
	at = strstr(text, " switches ");
	CHECK(at != NULL);
	CHECK_EQ(sscanf(at, " switches %lu idle %lu", &c.switches, &c.idle), 2);
	return c;
}

static void
asks_a_lot(const struct tracee *t)
{
	await(t);
	for (;;)
		call0(SYS_getppid);
}

/* Switches of n holds, and idle entries. */
static struct counters
cost(int fd, int n)
{
	struct counters before = counters(), after;

	for (int i = 0; i < n; i++)
		CHECK_EQ(packed(fd).flags, TRACE_EF_HOLD);
	after = counters();
	return (struct counters){after.switches - before.switches,
				 after.idle - before.idle};
}

TEST(hold_costs_two_switches_and_no_idling)
{
	enum { HOLDS = 2000 };
	struct tracee t = tracee_start(asks_a_lot);
	int fd = controller_bin(t.pid);
	struct counters c;

	CHECK(put_text(fd, "on enter getppid hold\non leave getppid hold\n") >
	      0);
	go(&t);
	cost(fd, 10);
	c = cost(fd, HOLDS);
	CHECK_EQ(c.idle, 0);
	CHECK(c.switches >= 2 * HOLDS);
	/* a little more for what else the machine does now and then */
	CHECK(c.switches <= 2 * HOLDS + HOLDS / 50);
	close(fd);
	tracee_kill(&t);
}

TEST(log_and_off_cost_no_switch)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller_bin(t.pid);
	struct counters before, after;

	CHECK(put_text(fd, "on enter getpid hold\n") > 0);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	before = counters();
	for (int i = 0; i < 100; i++) {
		go(&t);
		CHECK_EQ(told(&t), getpid());
	}
	after = counters();
	/* two each for the pipes there and back, none for the session */
	CHECK(after.switches - before.switches <= 210);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

/*
 * What the cases about one tracee share: a session on it, a hold of it, and a
 * clean end.
 *
 * A case has its tracee in `t`, once at a time.  session_on and held_at begin,
 * finish ends; what stands between them is what the case is about.
 */
#pragma once

#include "trace/tracing.h"

static struct tracee t;

/* Becomes another program, which ends with 0. */
static inline void
becomes_true(const struct tracee *u)
{
	await(u);
	execl("/bin/true", "true", (char *)NULL);
	_exit(1);
}

/* A new tracee that does this, and is met spinning or asleep. */
static inline void
tracee_begin(void (*body)(const struct tracee *))
{
	t = tracee_start(body);
	if (body == spins)
		CHECK_EQ(told(&t), 0);
	else
		wait_state(t.pid, TRACE_STATE_ASLEEP);
}

/* A session on a new tracee that does this. */
static inline int
session_on(void (*body)(const struct tracee *))
{
	tracee_begin(body);
	return controller(t.pid);
}

static inline int
session_bin_on(void (*body)(const struct tracee *))
{
	tracee_begin(body);
	return controller_bin(t.pid);
}

/* A session with these rules on a new tracee that does this and was told to go
 * on: its first event begins so. */
static inline int
held_in(void (*body)(const struct tracee *), const char *rules,
	const char *event)
{
	int fd = session_on(body);

	PUT(fd, rules);
	go(&t);
	EXPECT_START(fd, event);
	return fd;
}

/* The same of one that asks for its parent. */
static inline int
held_at(const char *rules, const char *event)
{
	return held_in(asks_for_parent, rules, event);
}

static inline int
held_at_enter(void)
{
	return held_at("on enter getppid hold\n", "hold enter getppid");
}

/* Its getppid comes back as without a tracer. */
static inline void
answers(void)
{
	CHECK_EQ(told(&t), getpid());
}

static inline void
asks(void)
{
	go(&t);
	answers();
}

static inline void
asks_times(int times)
{
	while (times-- > 0)
		asks();
}

/* A verb lets it go; its getppid is the real one. */
static inline void
let_go(int fd)
{
	PUT(fd, "run\n");
	answers();
}

static inline void
expect_state(uint32_t state)
{
	CHECK_EQ(status_of(t.pid).state, state);
}

static inline void
expect_holds(int holds)
{
	CHECK_EQ(status_of(t.pid).holds, holds);
}

/* As many sessions as there may be, with the same rules, hold a new tracee that
 * does this at this event. */
static inline void
held_by_eight(int fds[8], void (*body)(const struct tracee *),
	      const char *rules, const char *event)
{
	fds[0] = session_on(body);
	for (int i = 1; i < 8; i++)
		fds[i] = controller(t.pid);
	for (int i = 0; i < 8; i++)
		PUT(fds[i], rules);
	go(&t);
	for (int i = 0; i < 8; i++)
		EXPECT(fds[i], event);
}

/* A `stop` that is told of so. */
static inline void
stopped(int fd, const char *event)
{
	PUT(fd, "stop\n");
	EXPECT(fd, event);
}

/* A read would have to wait, and has advanced. */
static inline void
nothing_to_read(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	char c;

	CHECK_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(fd, &c, 1), EAGAIN);
	CHECK_EQ(fcntl(fd, F_SETFL, flags & O_NONBLOCK), 0);
}

/* A child of `new` runs to its end. */
static inline void
child_ends(int fd)
{
	EXPECT(fd, "hold start");
	EXPECT(fd, "log end exited 0");
	CHECK(wait(NULL) > 0);
}

/* The session's last close; the tracee ends by itself. */
static inline void
finish(int fd)
{
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

/* The last close frees it from the hold of a getppid. */
static inline void
finish_held(int fd)
{
	close(fd);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
}

static inline void
finish_killed(int fd)
{
	close(fd);
	tracee_kill(&t);
}

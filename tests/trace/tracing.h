/*
 * What the tests of tracing share: tracees that do what they are told, and a
 * tracer's few moves on bare files.
 *
 * A tracee is a child with a pipe in each direction: it awaits a byte before
 * each step and tells what came of it, so that nothing here has to sleep for
 * luck.  Everything is a check: what cannot be done ends the test.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <stdarg.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <proctor/abi/syscall.h>
#include <proctor/abi/trace.h>
#include "test.h"

/* ---- the bare call, so that a trace shows exactly what was meant ---- */

static inline int64_t
call6(uint64_t number, uint64_t a0, uint64_t a1, uint64_t a2, uint64_t a3,
      uint64_t a4, uint64_t a5)
{
	register uint64_t r10 __asm__("r10") = a3;
	register uint64_t r8 __asm__("r8") = a4;
	register uint64_t r9 __asm__("r9") = a5;
	int64_t result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a0), "S"(a1), "d"(a2), "r"(r10),
			   "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

static inline int64_t
call3(uint64_t number, uint64_t a0, uint64_t a1, uint64_t a2)
{
	return call6(number, a0, a1, a2, 0, 0, 0);
}

static inline int64_t
call0(uint64_t number)
{
	return call3(number, 0, 0, 0);
}

/* ---- tracees ---- */

struct tracee {
	pid_t pid;
	int to, from; /* the tester's ends */
	int in, out;  /* the tracee's */
};

static inline void
pipe_make(int ends[2])
{
	CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
}

/* The tracee: waits for the tester's next byte; ends when there is no tester.
 */
static inline char
await(const struct tracee *t)
{
	char byte;

	if (read(t->in, &byte, 1) != 1)
		_exit(99);
	return byte;
}

static inline void
tell(const struct tracee *t, int64_t value)
{
	if (write(t->out, &value, sizeof value) != sizeof value)
		_exit(98);
}

/* The tester's side. */
static inline void
go(const struct tracee *t)
{
	CHECK_EQ(write(t->to, "g", 1), 1);
}

static inline int64_t
told(const struct tracee *t)
{
	int64_t value;

	CHECK_EQ(read(t->from, &value, sizeof value), sizeof value);
	return value;
}

/* The tester's ends of all pipes: a tracee must not keep another's open. */
static int tester_ends[64];
static int tester_end_count;

static inline void
tester_ends_close(void)
{
	for (int i = 0; i < tester_end_count; i++)
		close(tester_ends[i]);
}

static inline struct tracee
tracee_start(void (*body)(const struct tracee *))
{
	int down[2], up[2];
	struct tracee t;

	pipe_make(down);
	pipe_make(up);
	t = (struct tracee){
		.to = down[1], .from = up[0], .in = down[0], .out = up[1]};
	tester_ends[tester_end_count++] = t.to;
	tester_ends[tester_end_count++] = t.from;
	t.pid = fork();
	CHECK(t.pid >= 0);
	if (t.pid == 0) {
		tester_ends_close();
		body(&t);
		_exit(0);
	}
	close(t.in);
	close(t.out);
	return t;
}

/* Waits for it: the wait status. */
static inline int
wait_for(pid_t pid)
{
	int status;

	CHECK_EQ(waitpid(pid, &status, 0), pid);
	return status;
}

static inline int
exit_status(int wait_status)
{
	return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status)
				      : 1000 + WTERMSIG(wait_status);
}

/* Nothing more is told to it; it ends by itself with this exit status (1000 +
 * signal if it was killed). */
static inline int
tracee_end(const struct tracee *t)
{
	close(t->to);
	close(t->from);
	return exit_status(wait_for(t->pid));
}

static inline void
tracee_kill(const struct tracee *t)
{
	CHECK_EQ(kill(t->pid, SIGKILL), 0);
	CHECK_EQ(tracee_end(t), 1000 + SIGKILL);
}

/* Bodies that many tests use. */

/* A getppid for each byte that comes; tells its result. */
static inline void
asks_for_parent(const struct tracee *t)
{
	char byte;

	while (read(t->in, &byte, 1) == 1)
		tell(t, call0(SYS_getppid));
}

/* Calls nothing, for ever. */
static inline void
spins(const struct tracee *t)
{
	tell(t, 0);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

/* Sleeps in a read until the tester lets go, or is done with it. */
static inline void
sleeps(const struct tracee *t)
{
	char byte;

	(void)read(t->in, &byte, 1);
}

/* Sleeps until it is killed. */
_Noreturn static inline void
sleep_until_killed(void)
{
	int ends[2];
	char c;

	pipe_make(ends);
	for (;;)
		CHECK(read(ends[0], &c, 1) < 0);
}

/* ---- files of a process ---- */

static inline int
proc_try(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof path, "proc:/%d/%s", (int)pid, name);
	return open(path, flags | O_CLOEXEC);
}

static inline int
proc_open(pid_t pid, const char *name, int flags)
{
	int fd = proc_try(pid, name, flags);

	if (fd < 0)
		test_fail(__FILE__, __LINE__, "proc:/%d/%s: %s", (int)pid, name,
			  strerror(errno));
	return fd;
}

static inline int
controller(pid_t pid)
{
	return proc_open(pid, "trace", O_RDWR);
}

static inline int
controller_bin(pid_t pid)
{
	return proc_open(pid, "trace.bin", O_RDWR);
}

static inline struct trace_status
status_of(pid_t pid)
{
	struct trace_status status;
	int fd = proc_open(pid, "status.bin", O_RDONLY);

	CHECK_EQ(read(fd, &status, sizeof status), sizeof status);
	close(fd);
	return status;
}

/* Waits until it is in a state for which there is no event. */
static inline void
wait_state(pid_t pid, uint32_t state)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	int tries;

	for (tries = 0; tries < 5000; tries++) {
		if (status_of(pid).state == state)
			return;
		if (tries < 100)
			sched_yield();
		else
			nanosleep(&pause, NULL);
	}
	test_fail(__FILE__, __LINE__, "%d is in state %u, not %u", (int)pid,
		  (unsigned)status_of(pid).state, (unsigned)state);
}

static inline int
ctl(pid_t pid, const char *line)
{
	int fd = proc_try(pid, "ctl", O_WRONLY), saved;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = write(fd, line, strlen(line));
	saved = errno;
	close(fd);
	errno = saved;
	return n == (ssize_t)strlen(line) ? 0 : -1;
}

/* ---- sessions, in text ---- */

static inline ssize_t
put(int fd, const char *text)
{
	return write(fd, text, strlen(text));
}

static inline ssize_t putf(int fd, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static inline ssize_t
putf(int fd, const char *format, ...)
{
	char text[512];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return put(fd, text);
}

/* The next event's line, with its newline; "" at the end.  Byte after byte, so
 * that exactly one event is taken. */
static inline const char *
next_line(int fd)
{
	static char line[8192];
	size_t n = 0;

	do {
		ssize_t got = read(fd, line + n, 1);

		if (got == 0 && n == 0)
			break;
		if (got != 1)
			test_fail(__FILE__, __LINE__, "read gave %d (%s)",
				  (int)got, strerror(errno));
	} while (line[n++] != '\n' && n < sizeof line - 1);
	line[n] = '\0';
	return line;
}

/* A line taken apart. */
struct event {
	unsigned long seq;
	int pid, tid;
	char what[4096]; /* hold|log EVENT details; without a leave's time */
	unsigned long elapsed;
};

/* A leave's `= RESULT NS [unrun]` loses its NS. */
static inline void
event_cut_time(struct event *e)
{
	char *equals = strstr(e->what, " = "), *time, *rest;

	if (equals == NULL || strstr(e->what, " leave ") == NULL)
		return;
	time = strchr(equals + 3, ' ');
	CHECK(time != NULL);
	e->elapsed = strtoul(time + 1, &rest, 10);
	CHECK(rest > time + 1);
	memmove(time, rest, strlen(rest) + 1);
}

static inline struct event
event_parse(const char *line)
{
	struct event e = {0};
	int at = 0;

	CHECK_EQ(sscanf(line, "%lu %d/%d %n", &e.seq, &e.pid, &e.tid, &at), 3);
	CHECK(at > 0);
	snprintf(e.what, sizeof e.what, "%s", line + at);
	CHECK(strlen(e.what) > 0 && e.what[strlen(e.what) - 1] == '\n');
	e.what[strlen(e.what) - 1] = '\0';
	event_cut_time(&e);
	return e;
}

static inline struct event
next_event(int fd)
{
	return event_parse(next_line(fd));
}

/* The next event must be this one. */
#define EXPECT(fd, text)                                                       \
	do {                                                                   \
		struct event expected_event = next_event(fd);                  \
		CHECK_STR(expected_event.what, (text));                        \
	} while (0)

/* The next event must begin so. */
#define EXPECT_START(fd, text)                                                 \
	do {                                                                   \
		struct event expected_event = next_event(fd);                  \
		expected_event.what[strlen(text)] = '\0';                      \
		CHECK_STR(expected_event.what, (text));                        \
	} while (0)

#define EXPECT_END(fd) CHECK_STR(next_line(fd), "")

/* A write that is taken whole. */
#define PUT(fd, text) CHECK_EQ(put((fd), (text)), strlen(text))

/* A write that is refused. */
#define REFUSED(fd, text, number) CHECK_ERRNO(put((fd), (text)), (number))

/* ---- sessions, packed ---- */

/* The next event: 1, 0 at the end, -1 with errno.  *payload may be NULL. */
static inline int
next_packed(int fd, struct trace_event *event, char *payload)
{
	static char record[TRACE_EVENT_SIZE + 4352];
	ssize_t n = read(fd, record, TRACE_EVENT_SIZE);

	if (n < 0 && errno == EMSGSIZE)
		n = read(fd, record, sizeof record);
	if (n <= 0)
		return (int)n;
	memcpy(event, record, sizeof *event);
	CHECK_EQ(n, event->size);
	if (payload != NULL)
		memcpy(payload, record + TRACE_EVENT_SIZE,
		       event->size - TRACE_EVENT_SIZE);
	return 1;
}

static inline struct trace_event
packed(int fd)
{
	struct trace_event event;

	CHECK_EQ(next_packed(fd, &event, NULL), 1);
	return event;
}

static inline ssize_t
put_verb(int fd, struct trace_verb verb)
{
	verb.size = TRACE_VERB_SIZE;
	return write(fd, &verb, TRACE_VERB_SIZE);
}

/* Lines of text, in a packed verb. */
static inline ssize_t
put_text(int fd, const char *lines)
{
	struct trace_verb verb = {.verb = TRACE_VERB_text};
	char bytes[TRACE_VERB_SIZE + 1024];
	size_t size = strlen(lines);

	CHECK(size <= 1024);
	verb.size = (uint32_t)(TRACE_VERB_SIZE + size);
	memcpy(bytes, &verb, TRACE_VERB_SIZE);
	memcpy(bytes + TRACE_VERB_SIZE, lines, size);
	return write(fd, bytes, TRACE_VERB_SIZE + size);
}

/* ---- registers ---- */

static inline int
regs_get(pid_t pid, struct trace_regs *regs)
{
	int fd = proc_open(pid, "regs.bin", O_RDONLY), saved;
	ssize_t n = read(fd, regs, sizeof *regs);

	saved = errno;
	close(fd);
	errno = saved;
	return n == sizeof *regs ? 0 : -1;
}

static inline int
regs_put(pid_t pid, const struct trace_regs *regs)
{
	int fd = proc_open(pid, "regs.bin", O_WRONLY), saved;
	ssize_t n = write(fd, regs, sizeof *regs);

	saved = errno;
	close(fd);
	errno = saved;
	return n == sizeof *regs ? 0 : -1;
}

/* Writes text to its regs: 0, or -1 with errno. */
static inline int
regs_write(pid_t pid, const char *text)
{
	int fd = proc_open(pid, "regs", O_WRONLY), saved;
	ssize_t n = put(fd, text);

	saved = errno;
	close(fd);
	errno = saved;
	return n == (ssize_t)strlen(text) ? 0 : -1;
}

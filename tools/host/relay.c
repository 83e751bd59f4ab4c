/*
 * One guest from start to verdict: the lines between it and our caller are kept
 * moving until QEMU is gone.
 *
 * Called by guest.c.  The verdict is what the guest's init wrote to its status
 * line (`start` when the program runs, `exit N` at the end); what QEMU itself
 * ended with says nothing.
 */
#include "relay.h"

#include "flow.h"
#include "machine.h"
#include "terminal.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define RELAY_BOOT_SECONDS  120
#define RELAY_PANIC_SECONDS 3
#define RELAY_LOG_MOST	    (4 << 20)

static const char relay_panic_words[] = "KERNEL PANIC:";

/* Why the guest was ended by us. */
enum relay_reason {
	RELAY_ITSELF,
	RELAY_TIMEOUT,
	RELAY_NO_START,
	RELAY_NO_QEMU,
	RELAY_PANIC
};

static const char *const relay_words[] = {
	[RELAY_ITSELF] = "the guest ended without a verdict",
	[RELAY_NO_START] = "the guest did not start",
	[RELAY_NO_QEMU] = "QEMU could not start the guest",
	[RELAY_PANIC] = "the kernel panicked",
};

struct relay {
	const struct relay_plan *plan;
	struct machine machine;
	struct flow flows[MACHINE_LINES];
	struct buffer status, serial, messages;
	int signals;	 /* signalfd */
	double deadline; /* of now; 0: none */
	bool started, panicked;
	enum relay_reason if_late, reason;
};

static double
relay_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
relay_set_flows(struct relay *r, struct buffer *back)
{
	const int *ends = r->machine.ends;
	bool tty = r->plan->tty;
	int i;

	for (i = 0; i < MACHINE_LINES; i++)
		r->flows[i] =
			(struct flow){.from = ends[i], .to = -1, .log = -1};
	r->flows[MACHINE_IN].from = STDIN_FILENO;
	r->flows[MACHINE_IN].to = ends[tty ? MACHINE_SERIAL : MACHINE_IN];
	r->flows[MACHINE_IN].to_socket = true;
	r->flows[MACHINE_IN].to_serial = tty;
	r->flows[MACHINE_IN].escapes = tty && isatty(STDIN_FILENO);
	r->flows[MACHINE_OUT].to = STDOUT_FILENO;
	r->flows[MACHINE_ERR].to = STDERR_FILENO;
	r->flows[MACHINE_STATUS].keep = &r->status;
	r->flows[MACHINE_BACK].keep = back;
	r->flows[MACHINE_SERIAL].keep = &r->serial;
	r->flows[MACHINE_SERIAL].keep_most = RELAY_LOG_MOST;
	r->flows[MACHINE_SERIAL].log = r->plan->log;
	r->flows[MACHINE_SERIAL].to = tty ? STDOUT_FILENO : -1;
	r->flows[MACHINE_MESSAGES].keep = &r->messages;
	r->flows[MACHINE_MESSAGES].keep_most = RELAY_LOG_MOST;
}

static void
relay_catch_signals(struct relay *r)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (r->signals < 0)
		die("signals: %s", strerror(errno));
}

/* Ends the guest, then us, by the signal that came. */
static void
relay_die_of_signal(struct relay *r)
{
	struct signalfd_siginfo info;
	sigset_t set;
	int number = SIGTERM;

	if (read(r->signals, &info, sizeof info) == (ssize_t)sizeof info)
		number = (int)info.ssi_signo;
	machine_kill(&r->machine);
	machine_reap(&r->machine);
	terminal_restore();
	signal(number, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(number);
	_exit(128 + number);
}

static void
relay_limit(struct relay *r, double seconds, enum relay_reason reason)
{
	r->deadline = seconds > 0 ? relay_now() + seconds : 0;
	r->if_late = reason;
}

/* `start` on the status line starts the program's clock; a panic gets the time
 * to print its backtrace. */
static void
relay_watch(struct relay *r)
{
	if (!r->started && r->status.used >= 6 &&
	    memcmp(r->status.data, "start\n", 6) == 0) {
		r->started = true;
		relay_limit(r, r->plan->timeout, RELAY_TIMEOUT);
	}
	if (!r->panicked && r->serial.used > 0 &&
	    memmem(r->serial.data, r->serial.used, relay_panic_words,
		   sizeof relay_panic_words - 1) != NULL) {
		r->panicked = true;
		relay_limit(r, RELAY_PANIC_SECONDS, RELAY_PANIC);
	}
}

/* A receiver of ours that is gone is told to the guest: the line closes at its
 * end. */
static void
relay_close_broken(struct relay *r)
{
	int i;

	for (i = MACHINE_OUT; i <= MACHINE_ERR; i++)
		if (r->flows[i].broken && r->flows[i].from >= 0) {
			shutdown(r->flows[i].from, SHUT_RDWR);
			r->flows[i].from = -1;
		}
}

static bool
relay_ended(const struct relay *r)
{
	int i;

	for (i = MACHINE_IN + 1; i < MACHINE_LINES; i++)
		if (!flow_done(&r->flows[i]))
			return false;
	return true;
}

static int
relay_wait_ms(const struct relay *r)
{
	double left = r->deadline == 0 ? 0 : r->deadline - relay_now();

	if (r->deadline == 0)
		return -1;
	if (left <= 0)
		return 0;
	return left > 1e6 ? (int)1e9 : (int)(left * 1000) + 1;
}

/* Waits, then moves what can be moved.  Returns true if bytes came in. */
static bool
relay_move(struct relay *r)
{
	struct pollfd fds[2 * MACHINE_LINES + 1];
	struct pollfd *from = fds, *to = fds + MACHINE_LINES;
	struct pollfd *signals = fds + (size_t)2 * MACHINE_LINES;
	bool came = false;
	size_t i;

	for (i = 0; i < MACHINE_LINES; i++)
		flow_want(&r->flows[i], &from[i], &to[i]);
	if (!r->started) /* nobody is there yet who would read it */
		from[MACHINE_IN].fd = to[MACHINE_IN].fd = -1;
	*signals = (struct pollfd){.fd = r->signals, .events = POLLIN};
	if (poll(fds, sizeof fds / sizeof *fds, relay_wait_ms(r)) < 0)
		return false;
	if (signals->revents != 0)
		relay_die_of_signal(r);
	for (i = 0; i < MACHINE_LINES; i++)
		came |= flow_move(&r->flows[i], &from[i], &to[i]);
	return came;
}

static void
relay_step(struct relay *r)
{
	if (relay_move(r))
		relay_watch(r);
	relay_close_broken(r);
	if (r->flows[MACHINE_IN].left)
		raise(SIGTERM);
	if (r->deadline != 0 && relay_now() >= r->deadline) {
		r->reason = r->if_late;
		r->deadline = 0;
		machine_kill(&r->machine);
	}
}

/* The N of the last `exit N` on the status line, or -1. */
static int
relay_verdict(struct relay *r)
{
	const char *at, *last = NULL;

	buffer_zero(&r->status, 1);
	for (at = r->status.data; (at = strstr(at, "exit ")) != NULL; at += 5)
		last = at + 5;
	return last == NULL ? -1 : (int)strtol(last, NULL, 10) & 255;
}

static void
relay_complain(struct relay *r)
{
	const struct buffer *s = &r->serial;
	const char *from = s->used == 0
				   ? NULL
				   : memmem(s->data, s->used, relay_panic_words,
					    sizeof relay_panic_words - 1);
	size_t most = 4096;

	if (r->reason == RELAY_ITSELF && !r->started && s->used == 0)
		r->reason = RELAY_NO_QEMU;
	buffer_store(STDERR_FILENO, r->messages.data, r->messages.used);
	if (from == NULL && s->used > 0)
		from = s->data + (s->used > most ? s->used - most : 0);
	if (from != NULL && !r->plan->tty)
		buffer_store(STDERR_FILENO, from,
			     s->used - (size_t)(from - s->data));
	fprintf(stderr, "proctor: %s\n",
		relay_words[r->panicked ? RELAY_PANIC : r->reason]);
}

/* A receiver that went away is the receiver's affair; one that could take no
 * more has lost output.  true: that is so, and was said. */
static bool
relay_lost_to(const char *name, int error)
{
	if (error == 0 || error == EPIPE)
		return false;
	fprintf(stderr, "proctor: %s: %s\n", name, strerror(error));
	return true;
}

static bool
relay_lost(const struct relay *r)
{
	static const char *const names[MACHINE_LINES] = {
		[MACHINE_OUT] = "standard output",
		[MACHINE_ERR] = "standard error",
		[MACHINE_SERIAL] = "standard output"};
	bool lost = false;
	int i;

	for (i = 0; i < MACHINE_LINES; i++) {
		if (names[i] != NULL)
			lost |= relay_lost_to(names[i], r->flows[i].error);
		lost |= relay_lost_to("log", r->flows[i].log_error);
	}
	return lost;
}

static int
relay_result(struct relay *r)
{
	int verdict = relay_verdict(r);

	if (r->reason == RELAY_TIMEOUT)
		return 124;
	if (verdict < 0 || r->panicked) {
		relay_complain(r);
		return 125;
	}
	return relay_lost(r) ? 125 : verdict;
}

int
relay_run(const struct relay_plan *plan, struct buffer *back)
{
	struct relay r = {.plan = plan};
	int verdict;

	relay_catch_signals(&r);
	machine_start(&r.machine, plan->qemu, plan->initrd);
	relay_set_flows(&r, back);
	if (!plan->patient)
		relay_limit(&r, RELAY_BOOT_SECONDS, RELAY_NO_START);
	if (plan->tty)
		terminal_raw();
	while (!relay_ended(&r))
		relay_step(&r);
	machine_reap(&r.machine);
	terminal_restore();
	verdict = relay_result(&r);
	buffer_free(&r.status);
	buffer_free(&r.serial);
	buffer_free(&r.messages);
	return verdict;
}

/*
 * Names, from the kernel's own tables, and errors in tracing's terms.
 */
#include <errno.h>
#include <string.h>
#include <proctor/abi/syscall.h>
#include "internal.h"

struct name {
	uint64_t number;
	const char *text;
	int arguments;
};

static const struct name calls[] = {
#define CALL(n, nr, name)    {(nr), #name, n},
#define CALL0(nr, name, ...) CALL(0, nr, name)
#define CALL1(nr, name, ...) CALL(1, nr, name)
#define CALL2(nr, name, ...) CALL(2, nr, name)
#define CALL3(nr, name, ...) CALL(3, nr, name)
#define CALL4(nr, name, ...) CALL(4, nr, name)
#define CALL5(nr, name, ...) CALL(5, nr, name)
#define CALL6(nr, name, ...) CALL(6, nr, name)
#include <proctor/abi/syscalls.def>
};

static const struct name events[] = {
#define EVENT(name, number) {(number), #name, 0},
#include <proctor/abi/events.def>
};

static const struct name errors[] = {
#define ERRNO(name, number) {(number), #name, 0},
#include <proctor/abi/errno.def>
};

static const struct name signals[] = {
#define SIGNAL(name, number, action) {(number), #name, 0},
#include <proctor/abi/signals.def>
};

static const struct name faults[] = {
#define FAULT(name, vector, signal, code) {(vector), #name, 0},
#include <proctor/abi/faults.def>
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct name *
find(const struct name *table, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return &table[i];
	return NULL;
}

const char *
trace_call_name(uint64_t number)
{
	const struct name *call = find(calls, COUNT(calls), number);

	return call ? call->text : NULL;
}

int
trace_call_arguments(uint64_t number)
{
	const struct name *call = find(calls, COUNT(calls), number);

	return call ? call->arguments : SYSCALL_MAX_ARGS;
}

int
trace_call_number(const char *name, uint64_t *number)
{
	for (size_t i = 0; i < COUNT(calls); i++) {
		if (strcmp(calls[i].text, name) != 0)
			continue;
		*number = calls[i].number;
		return 0;
	}
	return -EINVAL;
}

const char *
trace_event_name(unsigned type)
{
	const struct name *event = find(events, COUNT(events), type);

	return event ? event->text : NULL;
}

const char *
trace_error_name(int error)
{
	const struct name *name =
		find(errors, COUNT(errors),
		     (uint64_t)(error < 0 ? -(int64_t)error : error));

	return name ? name->text : NULL;
}

const char *
trace_signal_name(int signal)
{
	const struct name *name =
		find(signals, COUNT(signals), (uint64_t)signal);

	return name ? name->text : NULL;
}

const char *
trace_fault_name(uint64_t vector)
{
	const struct name *name = find(faults, COUNT(faults), vector);

	return name ? name->text : NULL;
}

static const struct {
	int error;
	const char *sentence;
} sentences[] = {
	{EACCES, "no right to that process or page, or the program is a "
		 "directory or not executable"},
	{E2BIG, "too long: the lines, or the arguments and environment"},
	{EAGAIN, "no event yet, or no room for one more process"},
	{EBADF, "the session is closed, or only observes"},
	{EBUSY, "not held where this needs it, or controlled exclusively by "
		"another session"},
	{EDEADLK, "it would wait for itself: a process cannot trace itself or "
		  "its tracer"},
	{EEXIST, "another session controls it already"},
	{EFAULT, "nothing is mapped at that address"},
	{EINTR, "interrupted by a signal"},
	{EINVAL, "no such verb, event, call, action or value"},
	{EMSGSIZE, "the buffer is too small for one event"},
	{ENOENT, "no such process or program"},
	{ENOEXEC, "not a program of this system"},
	{ENOMEM, "no memory"},
	{ENOSPC,
	 "no slot left: 8 sessions on a process, 64 rules in a session"},
	{ERANGE, "a register cannot have that value"},
	{ESRCH, "the process has ended, or is no target of this session"},
	{ESTALE,
	 "the event holds no more, or the memory is another program's by now"},
	{ETIMEDOUT, "no event came in time"},
};

const char *
trace_strerror(int error)
{
	int number = error < 0 ? -error : error;

	for (size_t i = 0; i < COUNT(sentences); i++)
		if (sentences[i].error == number)
			return sentences[i].sentence;
	return number ? strerror(number) : "no error";
}

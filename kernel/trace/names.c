/*
 * Names of calls, events, errors and signals, and back: everything from the
 * tables of abi/.  Used by rules, the grammar and the formatter.  One rule: a
 * name that is not in a table is nobody's, there is no second spelling.
 */
#include "trace/session.h"
#include "abi/errno.h"
#include "text.h"

struct name {
	uint64_t number;
	const char *text;
	unsigned arguments;
	const char *result; /* kind */
};

static const struct name calls[] = {
#define CALL(n, nr, name, res)	  {(nr), #name, n, #res},
#define CALL0(nr, name, res)	  CALL(0, nr, name, res)
#define CALL1(nr, name, res, ...) CALL(1, nr, name, res)
#define CALL2(nr, name, res, ...) CALL(2, nr, name, res)
#define CALL3(nr, name, res, ...) CALL(3, nr, name, res)
#define CALL4(nr, name, res, ...) CALL(4, nr, name, res)
#define CALL5(nr, name, res, ...) CALL(5, nr, name, res)
#define CALL6(nr, name, res, ...) CALL(6, nr, name, res)
#include "abi/syscalls.def"
#undef CALL
#undef CALL0
#undef CALL1
#undef CALL2
#undef CALL3
#undef CALL4
#undef CALL5
#undef CALL6
};

static const struct name events[] = {
#define EVENT(name, number) {(number), #name, 0, ""},
#include "abi/events.def"
#undef EVENT
};

static const struct name actions[] = {
#define ACTION(NAME, word) {ACTION_##NAME, #word, 0, ""},
#include "trace/actions.def"
#undef ACTION
};

static const struct name errors[] = {
#define ERRNO(name, number) {(number), #name, 0, ""},
#include "abi/errno.def"
#undef ERRNO
};

static const struct name signals[] = {
#define SIGNAL(name, number, action) {(number), #name, 0, ""},
#include "abi/signals.def"
#undef SIGNAL
};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct name *
by_text(const struct name *table, size_t count, const char *text, size_t length)
{
	for (size_t i = 0; i < count; i++)
		if (strlen(table[i].text) == length &&
		    memcmp(table[i].text, text, length) == 0)
			return &table[i];
	return NULL;
}

static const char *
by_number(const struct name *table, size_t count, uint64_t number)
{
	for (size_t i = 0; i < count; i++)
		if (table[i].number == number)
			return table[i].text;
	return NULL;
}

const char *
trace_call_name(uint64_t number)
{
	unsigned slot = call_slot(number);

	return slot < SYSCALL_COUNT ? calls[slot].text : NULL;
}

unsigned
trace_call_arguments(uint64_t number)
{
	unsigned slot = call_slot(number);

	return slot < SYSCALL_COUNT ? calls[slot].arguments : SYSCALL_MAX_ARGS;
}

bool
trace_call_gives_address(uint64_t number)
{
	unsigned slot = call_slot(number);

	return slot < SYSCALL_COUNT && strcmp(calls[slot].result, "addr") == 0;
}

int
trace_call_number(const char *name, size_t length, uint64_t *number)
{
	const struct name *found = by_text(calls, COUNT(calls), name, length);

	if (!found)
		return -EINVAL;
	*number = found->number;
	return 0;
}

const char *
trace_event_name(unsigned type)
{
	return by_number(events, COUNT(events), type);
}

const char *
trace_action_name(unsigned action)
{
	return by_number(actions, COUNT(actions), action);
}

const char *
trace_error_name(int64_t error)
{
	return by_number(errors, COUNT(errors), (uint64_t)error);
}

int
trace_error_number(const char *name, size_t length)
{
	const struct name *found = by_text(errors, COUNT(errors), name, length);

	return found ? (int)found->number : 0;
}

int
trace_signal_number(const char *name, size_t length)
{
	const struct name *found =
		by_text(signals, COUNT(signals), name, length);

	return found ? (int)found->number : 0;
}

const char *
trace_signal_name(int signal)
{
	return by_number(signals, COUNT(signals), (uint64_t)signal);
}

static const struct name faults[] = {
#define FAULT(name, vector, signal, code) {(vector), #name, 0, ""},
#include "abi/faults.def"
#undef FAULT
};

int
trace_fault_number(const char *name, size_t length, uint64_t *vector)
{
	const struct name *found = by_text(faults, COUNT(faults), name, length);

	if (!found)
		return -EINVAL;
	*vector = found->number;
	return 0;
}

const char *
trace_fault_name(uint64_t vector)
{
	return by_number(faults, COUNT(faults), vector);
}

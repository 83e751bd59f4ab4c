/*
 * Verbs and rules: each is one write.  Verbs about the current event name it by
 * its seq, so that events that were read ahead do not change what is meant.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "internal.h"

static int
put_verb(const struct trace *trace, struct trace_verb *verb)
{
	verb->size = TRACE_VERB_SIZE;
	return trace_put(trace, verb, TRACE_VERB_SIZE);
}

/* A verb about the event given last. */
static int
put_about_event(const struct trace *trace, struct trace_verb *verb)
{
	if (!trace->last_type)
		return -ESRCH;
	verb->flags = TRACE_WHO_SEQ;
	verb->seq = trace->last_seq;
	return put_verb(trace, verb);
}

int
trace_run(struct trace *trace)
{
	struct trace_verb verb = {.verb = TRACE_VERB_run};

	return put_about_event(trace, &verb);
}

int
trace_return(struct trace *trace, int64_t value)
{
	struct trace_verb verb = {.verb = TRACE_VERB_return,
				  .arg = {(uint64_t)value}};

	return put_about_event(trace, &verb);
}

int
trace_args(struct trace *trace, uint64_t number, const uint64_t arguments[6])
{
	struct trace_verb verb = {.verb = TRACE_VERB_args, .arg = {number}};

	memcpy(verb.arg + 1, arguments, 6 * sizeof(arguments[0]));
	return put_about_event(trace, &verb);
}

int
trace_signal(struct trace *trace, int signal)
{
	struct trace_verb verb = {.verb = TRACE_VERB_signal,
				  .arg = {(uint64_t)(unsigned)signal}};

	return put_about_event(trace, &verb);
}

static int
put_about_thread(const struct trace *trace, enum trace_verb_number number,
		 pid_t tid)
{
	struct trace_verb verb = {.verb = (uint16_t)number,
				  .flags = TRACE_WHO_TID,
				  .tid = (uint32_t)tid};

	return put_verb(trace, &verb);
}

int
trace_stop(struct trace *trace, pid_t tid)
{
	return put_about_thread(trace, TRACE_VERB_stop, tid);
}

int
trace_run_thread(struct trace *trace, pid_t tid)
{
	return put_about_thread(trace, TRACE_VERB_run, tid);
}

int
trace_kill(struct trace *trace, pid_t pid, int signal)
{
	struct trace_verb verb = {.verb = TRACE_VERB_kill,
				  .flags = TRACE_WHO_PID,
				  .pid = (uint32_t)pid,
				  .arg = {(uint64_t)signal}};

	return put_verb(trace, &verb);
}

int
trace_command(struct trace *trace, const char *lines)
{
	size_t length = strlen(lines), size = TRACE_VERB_SIZE + length;
	struct trace_verb verb = {.size = (uint32_t)size,
				  .verb = TRACE_VERB_text};
	char *bytes;
	int error;

	if (size > TRACE_LINE_MAX)
		return -E2BIG;
	bytes = malloc(size);
	if (!bytes)
		return -ENOMEM;
	memcpy(bytes, &verb, sizeof(verb));
	for (size_t i = 0; i < length; i++)
		bytes[TRACE_VERB_SIZE + i] = lines[i];
	error = trace_put(trace, bytes, size);
	free(bytes);
	return error;
}

int
trace_on(struct trace *trace, const char *event, const char *calls,
	 const char *action)
{
	size_t size = strlen(event) + (calls ? strlen(calls) : 0) +
		      strlen(action) + 8;
	char *line = malloc(size);
	int error;

	if (!line)
		return -ENOMEM;
	(void)snprintf(line, size, "on %s %s%s%s\n", event, calls ? calls : "",
		       calls ? " " : "", action);
	error = strchr(line, '\n') == line + strlen(line) - 1
			? trace_command(trace, line)
			: -EINVAL;
	free(line);
	return error;
}

int
trace_set_close(struct trace *trace, enum trace_close_policy policy)
{
	static const char *const lines[] = {
		[TRACE_CLOSE_RUN] = "set close run\n",
		[TRACE_CLOSE_KILL] = "set close kill\n",
		[TRACE_CLOSE_KEEP] = "set close keep\n",
	};

	if ((unsigned)policy >= sizeof(lines) / sizeof(lines[0]))
		return -EINVAL;
	return trace_command(trace, lines[policy]);
}

/*
 * The line `refused` of status: why the last write to a file of proc: failed,
 * for a writer that only has an errno.  Called by trace.c and ctl.c.
 */
#include "refused.h"
#include "grammar.h"
#include "abi/errno.h"
#include "print.h"
#include "thread.h"
#include "trace/session.h"

static const struct {
	int error;
	const char *why;
} reasons[] = {
	{EBUSY, "it is not held, or not where this needs it"},
	{ESTALE, "the event holds no more, or was not delivered yet"},
	{ESRCH, "it has ended, or is no target of this session"},
	{EINVAL, "it is not well formed"},
	{EDEADLK, "it would wait for itself"},
	{ENOSPC, "there is no room for one more"},
	{EBADF, "an observer changes nothing"},
	{ERANGE, "a register may not have that value"},
	{E2BIG, "it is too long"},
	{ENOENT, "there is no such program"},
	{ENOEXEC, "that is no program of this system"},
	{EACCES, "there is no right to it"},
	{ENOMEM, "there is no memory"},
};

int
refused_line(struct thread *self, const struct command *command, int error)
{
	char text[96], word[28];
	size_t length = command->wrong_length;

	if (!command->why)
		return refused(self, "line", error);
	if (length > sizeof(word) - 1)
		length = sizeof(word) - 1;
	for (size_t i = 0; i < length; i++)
		word[i] = command->wrong[i] > ' ' && command->wrong[i] < 0x7f
				  ? command->wrong[i]
				  : '?';
	word[length] = '\0';
	format_text(text, sizeof(text), "EINVAL line: %s%s%s", command->why,
		    length ? ": " : "", word);
	trace_refused_set(self->process, text);
	return error;
}

int
refused(struct thread *self, const char *verb, int error)
{
	const char *why = "it failed", *name = trace_error_name(-error);
	char text[96];

	if (!error)
		return 0;
	for (unsigned i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].error == -error)
			why = reasons[i].why;
	format_text(text, sizeof(text), "%s %s: %s", name ? name : "?", verb,
		    why);
	trace_refused_set(self->process, text);
	return error;
}

int
refused_end(struct thread *self)
{
	trace_refused_set(self->process, "EINVAL line: no newline at its end");
	return -EINVAL;
}

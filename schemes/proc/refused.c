/*
 * The line `refused` of status: why the last write to a file of proc: failed,
 * for a writer that only has an errno.  Called by what writes.
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
	{EFAULT, "nothing of the program's is there"},
};

int
refused(struct thread *self, const char *what, int error)
{
	const char *why = "it failed", *name = trace_error_name(-error);
	char text[96];

	if (!error)
		return 0;
	for (unsigned i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].error == -error)
			why = reasons[i].why;
	format_text(text, sizeof(text), "%s %s: %s", name ? name : "?", what,
		    why);
	trace_refused_set(self->process, text);
	return error;
}

int
refused_word(struct thread *self, const char *what, int error, const char *why,
	     const char *text, size_t length)
{
	char said[96], word[28];

	if (length > sizeof(word) - 1)
		length = sizeof(word) - 1;
	for (size_t i = 0; i < length; i++)
		word[i] = text[i] > ' ' && text[i] < 0x7f ? text[i] : '?';
	word[length] = '\0';
	format_text(said, sizeof(said), "%s %s: %s%s%s",
		    trace_error_name(-error), what, why, length ? ": " : "",
		    word);
	trace_refused_set(self->process, said);
	return error;
}

int
refused_command(struct thread *self, const char *what,
		const struct command *command, int error)
{
	if (!command->why)
		return refused(self, what, error);
	return refused_word(self, what, error, command->why, command->wrong,
			    command->wrong_length);
}

/*
 * Writing to a session's file: each command of a write in order, each done or
 * refused as a whole.  Called by trace.c's rows.
 *
 * A write has one writer at a time (the session's write lock); a write that
 * stops at a refused command returns the bytes before it, so that the retry
 * gets its error.
 */
#include "verb.h"
#include "born.h"
#include "grammar.h"
#include "refused.h"
#include "abi/errno.h"
#include "heap.h"
#include "life.h"
#include "text.h"

struct writing {
	struct thread *self;
	struct face *face;
	const char *why; /* of a refusal that its errno does not explain */
};

/* ---- verbs: rows ---- */

static int
do_run(struct writing *writing, const struct command *command)
{
	return session_run(writing->face->session, command->who);
}

static int
do_stop(struct writing *writing, const struct command *command)
{
	return session_stop(writing->face->session, command->who);
}

static int
do_return(struct writing *writing, const struct command *command)
{
	return session_return(writing->face->session, command->who,
			      (int64_t)command->arg[0]);
}

static int
do_args(struct writing *writing, const struct command *command)
{
	return session_args(writing->face->session, command->who, command->arg);
}

static int
do_kill(struct writing *writing, const struct command *command)
{
	return session_kill(writing->face->session, command->who, signal_post,
			    (int)command->arg[0]);
}

static int
do_signal(struct writing *writing, const struct command *command)
{
	return session_signal(writing->face->session, command->who,
			      (int)command->arg[0]);
}

static int
do_new(struct writing *writing, const struct command *command)
{
	return born_create(writing->self, writing->face, command,
			   &writing->why);
}

static int (*const verbs[])(struct writing *, const struct command *) = {
	[TRACE_VERB_run] = do_run,	 [TRACE_VERB_stop] = do_stop,
	[TRACE_VERB_return] = do_return, [TRACE_VERB_args] = do_args,
	[TRACE_VERB_kill] = do_kill,	 [TRACE_VERB_new] = do_new,
	[TRACE_VERB_signal] = do_signal,
};

/* ---- commands ---- */

static int
do_command(struct writing *writing, const struct command *command)
{
	struct session *session = writing->face->session;

	switch (command->kind) {
	case COMMAND_VERB:
		return verbs[command->verb](writing, command);
	case COMMAND_RULE:
		return session_rule(session, &command->rule);
	case COMMAND_SET_CLOSE:
		session_set_close(session, command->close);
		return 0;
	case COMMAND_SET_ADVANCE:
		session_set_by_verb(session, command->by_verb);
		return 0;
	case COMMAND_ENV:
		return born_env(writing->face, command->text);
	}
	return -EINVAL;
}

static const char *
command_name(const struct command *command)
{
	switch (command->kind) {
	case COMMAND_RULE:
		return "on";
	case COMMAND_SET_CLOSE:
	case COMMAND_SET_ADVANCE:
		return "set";
	case COMMAND_ENV:
		return "env";
	case COMMAND_VERB:
		break;
	}
	return grammar_verb_name(command->verb);
}

/* Does it; what refuses it is noted. */
static int
carry_out(struct writing *writing, const struct command *command)
{
	const char *name = command_name(command);
	int error;

	writing->why = NULL;
	error = do_command(writing, command);
	if (error && writing->why)
		return refused_word(writing->self, name, error, writing->why,
				    NULL, 0);
	return refused(writing->self, name, error);
}

static int
do_line(char *line, size_t length, void *arg)
{
	struct writing *writing = arg;
	struct command command;
	int error = grammar_line(line, length, &command);

	if (error)
		return refused_command(writing->self, "line", &command, error);
	return carry_out(writing, &command);
}

static int64_t
write_locked(struct thread *self, struct handle *handle, struct uio *uio,
	     int64_t (*write)(struct writing *, struct uio *))
{
	struct face *face = handle->data;
	struct writing writing = {self, face, NULL};
	int64_t result;

	if (!face->controller)
		return -EBADF;
	session_write_begin(face->session);
	result = write(&writing, uio);
	session_write_end(face->session);
	return result;
}

static int64_t
write_lines(struct writing *writing, struct uio *uio)
{
	return proc_write_lines(writing->self, uio, TRACE_LINE_MAX, do_line,
				writing);
}

int64_t
face_write_text(struct thread *self, struct handle *handle, struct uio *uio,
		uint64_t *offset)
{
	(void)offset;
	return write_locked(self, handle, uio, write_lines);
}

/* ---- packed ---- */

/* Verb TEXT: all its lines, or none of those after the first that is refused.
 */
static int
do_packed_text(struct writing *writing, char *text, size_t size)
{
	size_t done = 0;

	if (size == 0 || text[size - 1] != '\n')
		return refused_word(writing->self, "line", -EINVAL,
				    "no newline at its end", NULL, 0);
	while (done < size) {
		char *end = memchr(text + done, '\n', size - done);
		int error = do_line(text + done, (size_t)(end - text) - done,
				    writing);

		if (error)
			return error;
		done = (size_t)(end - text) + 1;
	}
	return 0;
}

static int
do_packed(struct writing *writing, char *bytes, size_t size)
{
	struct trace_verb verb;
	struct command command;
	int error;

	memcpy(&verb, bytes, sizeof(verb));
	if (verb.verb == TRACE_VERB_text && !verb.flags)
		return do_packed_text(writing, bytes + TRACE_VERB_SIZE,
				      size - TRACE_VERB_SIZE);
	error = grammar_packed(bytes, size, &command);
	if (error)
		return refused_command(writing->self, "packed verb", &command,
				       error);
	return carry_out(writing, &command);
}

/* The size of the verb that begins here; 0: it is not whole. */
static size_t
packed_size(const char *bytes, size_t left)
{
	uint32_t size;

	if (left < TRACE_VERB_SIZE)
		return 0;
	memcpy(&size, bytes, sizeof(size));
	return size >= TRACE_VERB_SIZE && size <= left ? size : 0;
}

/* Nothing is done unless every verb is whole. */
static bool
packed_whole(const char *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		size_t one = packed_size(bytes + done, size - done);

		if (!one)
			return false;
		done += one;
	}
	return true;
}

static int64_t
each_packed(struct writing *writing, char *bytes, size_t size)
{
	size_t done = 0;

	if (!packed_whole(bytes, size))
		return refused_word(writing->self, "packed verb", -EINVAL,
				    "its size is another", NULL, 0);
	while (done < size) {
		size_t one = packed_size(bytes + done, size - done);
		int error = do_packed(writing, bytes + done, one);

		if (error)
			return done ? (int64_t)done : error;
		done += one;
	}
	return (int64_t)done;
}

static int64_t
write_packed(struct writing *writing, struct uio *uio)
{
	char small[256];
	size_t size = uio->left;
	int64_t result;
	int error;
	char *bytes = proc_copy_write(uio, TRACE_LINE_MAX, small, sizeof(small),
				      &error);

	if (!bytes)
		return refused(writing->self, "write", error);
	result = each_packed(writing, bytes, size);
	if (bytes != small)
		heap_free(bytes);
	return result;
}

int64_t
face_write_packed(struct thread *self, struct handle *handle, struct uio *uio,
		  uint64_t *offset)
{
	(void)offset;
	return write_locked(self, handle, uio, write_packed);
}

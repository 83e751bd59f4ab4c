/*
 * Packed verbs: struct trace_verb, and the bytes that follow it.  Called by
 * verb.c.  The same meaning as lines, which grammar.c takes apart.
 */
#include "grammar.h"
#include "words.h"

static int
packed_who(const struct trace_verb *verb, struct who *who)
{
	switch (verb->flags) {
	case 0:
		*who = (struct who){WHO_CURRENT, 0};
		return 0;
	case TRACE_WHO_SEQ:
		*who = (struct who){WHO_SEQ, verb->seq};
		return 0;
	case TRACE_WHO_TID:
		*who = (struct who){WHO_TID, verb->tid};
		return 0;
	case TRACE_WHO_PID:
		*who = (struct who){WHO_PID, verb->pid};
		return 0;
	case TRACE_WHO_ALL:
		*who = (struct who){WHO_ALL, 0};
		return 0;
	default:
		return -EINVAL;
	}
}

/* new: path, arg[0] arguments, arg[1] strings of the environment. */
static int
packed_new(struct command *command)
{
	uint64_t strings = 0;

	for (size_t i = 0; i < command->text_size; i++)
		strings += command->text[i] == '\0';
	if (command->text_size == 0 ||
	    command->text[command->text_size - 1] != '\0' ||
	    command->arg[0] == 0 || command->arg[0] > strings ||
	    command->arg[1] > strings ||
	    strings != 1 + command->arg[0] + command->arg[1])
		return -EINVAL;
	command->text_count = (uint32_t)command->arg[0];
	return 0;
}

/* Why what is a verb's own is wrong; NULL: it is not. */
static const char *
packed_fault(struct command *command)
{
	bool kill = command->verb == TRACE_VERB_kill;

	if (command->verb == TRACE_VERB_new)
		return packed_new(command) ? "its strings are not as counted"
					   : NULL;
	if (command->text_size)
		return "bytes after it";
	if ((kill && command->arg[0] < 1) ||
	    ((kill || command->verb == TRACE_VERB_signal) &&
	     command->arg[0] > 64))
		return "no such signal";
	return NULL;
}

static int
packed_wrong(struct command *command, const char *why)
{
	command->why = why;
	return -EINVAL;
}

int
grammar_packed(char *bytes, size_t size, struct command *command)
{
	struct trace_verb verb;
	const char *why;

	memset(command, 0, sizeof(*command));
	if (size < TRACE_VERB_SIZE)
		return packed_wrong(command, "it is cut short");
	memcpy(&verb, bytes, sizeof(verb));
	if (verb.size != size)
		return packed_wrong(command, "its size is another");
	if (!grammar_verb_name(verb.verb))
		return packed_wrong(command, "no such verb");
	if (packed_who(&verb, &command->who))
		return packed_wrong(command, "no such flags");
	command->kind = COMMAND_VERB;
	command->verb = (enum trace_verb_number)verb.verb;
	memcpy(command->arg, verb.arg, sizeof(command->arg));
	command->text = bytes + TRACE_VERB_SIZE;
	command->text_size = size - TRACE_VERB_SIZE;
	why = packed_fault(command);
	return why ? packed_wrong(command, why) : 0;
}

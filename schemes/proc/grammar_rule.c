/*
 * `on EVENT [SET] ACTION`: a rule.  Called by grammar.c for the line's rest.
 * Events and actions are rows; what a SET's members are is the event's affair.
 */
#include "grammar.h"
#include "words.h"

#define CALLS	(1u << TRACE_EV_enter | 1u << TRACE_EV_leave)
#define SIGNALS (1u << TRACE_EV_signal | 1u << TRACE_EV_fault)

static int
arg_none(struct words *words, struct command *command)
{
	(void)words;
	(void)command;
	return 0;
}

/* Nanoseconds. */
static int
arg_time(struct words *words, struct command *command)
{
	struct word word;

	if (!next(words, &word) ||
	    number(word.text, word.length, &command->arg[0]))
		return wrong(command, &word, "no time in nanoseconds");
	return 0;
}

static const struct rule_action {
	uint32_t events; /* that it fits, bits by type; 0: all */
	const char *unfit;
	int (*arg)(struct words *words, struct command *command);
} rule_actions[] = {
	[ACTION_OFF] = {0, NULL, arg_none},
	[ACTION_LOG] = {0, NULL, arg_none},
	[ACTION_HOLD] = {0, NULL, arg_none},
	[ACTION_COUNT] = {0, NULL, arg_none},
	[ACTION_KILL] = {0, NULL, arg_none},
	[ACTION_RETURN] = {CALLS, "fits enter and leave only",
			   grammar_arg_value},
	[ACTION_DELAY] = {CALLS, "fits enter and leave only", arg_time},
	[ACTION_SIGNAL] = {SIGNALS, "fits signal and fault only",
			   grammar_arg_signal},
};

static int
set_add(struct call_set *set, uint64_t call)
{
	unsigned slot = call_slot(call);

	if (slot < SYSCALL_COUNT) {
		set->bits[slot / 64] |= 1ull << (slot % 64);
		return 0;
	}
	for (uint32_t i = 0; i < set->others; i++)
		if (set->other[i] == call)
			return 0;
	if (set->others == NUMBERS_MAX)
		return -ENOSPC;
	set->other[set->others++] = call;
	return 0;
}

/* One member of a SET: 0, -EINVAL, -ENOSPC. */
static int
add_call(const char *name, size_t length, struct rule *rule)
{
	uint64_t call;

	if (trace_call_number(name, length, &call) &&
	    number(name, length, &call))
		return -EINVAL;
	return set_add(&rule->set, call);
}

static int
add_signal(const char *name, size_t length, struct rule *rule)
{
	uint64_t signal = (uint64_t)trace_signal_number(name, length);

	if (!signal && number(name, length, &signal))
		return -EINVAL;
	if (signal < 1 || signal > 64)
		return -EINVAL;
	rule->few |= 1ull << (signal - 1);
	return 0;
}

static int
add_fault(const char *name, size_t length, struct rule *rule)
{
	uint64_t vector;

	if (trace_fault_number(name, length, &vector) &&
	    (number(name, length, &vector) || !trace_fault_name(vector)))
		return -EINVAL;
	rule->few |= 1ull << vector;
	return 0;
}

static const struct rule_event {
	enum trace_event_type event;
	int (*add)(const char *name, size_t length,
		   struct rule *rule); /* NULL: it has no SET */
	const char *none;
} rule_events[] = {
	{TRACE_EV_enter, add_call, "no such call"},
	{TRACE_EV_leave, add_call, "no such call"},
	{TRACE_EV_signal, add_signal, "no such signal"},
	{TRACE_EV_fault, add_fault, "no such fault"},
	{TRACE_EV_start, NULL, NULL},
	{TRACE_EV_exec, NULL, NULL},
	{TRACE_EV_end, NULL, NULL},
};

static void
set_all(const struct rule_event *event, struct rule *rule)
{
	if (!event->add || event->add == add_call)
		rule->set.all = true;
	else
		rule->few = UINT64_MAX;
}

/* name|number{,name|number}, or * */
static int
parse_set(const struct rule_event *event, const struct word *word,
	  struct command *command)
{
	struct rule *rule = &command->rule;
	char *at = word->text, *end = word->text + word->length;

	if (is(word, "*")) {
		set_all(event, rule);
		return 0;
	}
	while (at <= end) {
		char *comma = memchr(at, ',', (size_t)(end - at));
		struct word member = {at, (size_t)((comma ? comma : end) - at)};
		int error = event->add(at, member.length, rule);

		if (error) {
			wrong(command, &member,
			      error == -ENOSPC ? "the ninth without a call"
					       : event->none);
			return error;
		}
		at += member.length + 1;
	}
	return 0;
}

/* The action of this name; ACTION_END_OF_ACTIONS: none. */
static unsigned
find_action(const struct word *word)
{
	unsigned action = 0;

	while (action < ACTION_END_OF_ACTIONS &&
	       !is(word, trace_action_name(action)))
		action++;
	return action;
}

static int
parse_action(struct words *words, struct command *command)
{
	const struct rule_action *row;
	struct rule *rule = &command->rule;
	struct word word;
	unsigned action;
	int error;

	if (!next(words, &word))
		return wrong(command, &word,
			     "no action: hold, log, off, count, kill, return, "
			     "signal or delay");
	action = find_action(&word);
	if (action == ACTION_END_OF_ACTIONS)
		return wrong(command, &word, "no such action");
	row = &rule_actions[action];
	if (row->events && !(row->events >> rule->event & 1))
		return wrong(command, &word, row->unfit);
	error = row->arg(words, command);
	if (error)
		return error;
	rule->action = (enum trace_action)action;
	rule->value = command->arg[0];
	return wrong_rest(command, *words);
}

/* A call may be called as an action is: so a SET that is one is taken so. */
static int
parse_set_word(const struct rule_event *event, const struct word *word,
	       struct command *command)
{
	int error = parse_set(event, word, command);

	if (error && find_action(word) < ACTION_END_OF_ACTIONS)
		return wrong(command, word, "no SET before");
	return error;
}

int
grammar_rule(struct words *words, struct command *command)
{
	size_t i = 0, count = sizeof(rule_events) / sizeof(rule_events[0]);
	struct word word;
	int error = 0;

	command->kind = COMMAND_RULE;
	if (!next(words, &word))
		return wrong(command, &word, "no event");
	while (i < count && !is(&word, trace_event_name(rule_events[i].event)))
		i++;
	if (i == count)
		return wrong(command, &word, "no such event");
	command->rule.event = rule_events[i].event;
	if (!rule_events[i].add)
		set_all(&rule_events[i], &command->rule);
	else if (!next(words, &word))
		return wrong(command, &word, "no SET");
	else
		error = parse_set_word(&rule_events[i], &word, command);
	return error ? error : parse_action(words, command);
}

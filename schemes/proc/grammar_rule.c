/*
 * `on EVENT [SET] ACTION`: a rule.  Called by grammar.c for the line's rest.
 * Events and actions are rows; what a SET's members are is the event's affair.
 */
#include "grammar.h"
#include "words.h"

static const struct {
	const char *word;
	enum trace_action action;
} rule_actions[] = {
	{"hold", ACTION_HOLD},
	{"log", ACTION_LOG},
	{"off", ACTION_OFF},
};
#define ACTIONS (sizeof(rule_actions) / sizeof(rule_actions[0]))

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

/* The row of rule_actions of this word, or one past the last. */
static size_t
find_action(const struct word *word)
{
	size_t i = 0;

	while (i < ACTIONS && !is(word, rule_actions[i].word))
		i++;
	return i;
}

static int
parse_action(struct words *words, struct command *command)
{
	struct word word;
	size_t i;

	if (!next(words, &word))
		return wrong(command, &word, "no action: hold, log or off");
	i = find_action(&word);
	if (i == ACTIONS)
		return wrong(command, &word, "no such action");
	command->rule.action = rule_actions[i].action;
	return wrong_rest(command, *words);
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
	else if (find_action(&word) < ACTIONS)
		return wrong(command, &word, "no SET before");
	else
		error = parse_set(&rule_events[i], &word, command);
	return error ? error : parse_action(words, command);
}

/*
 * A rule, written as it would be read: the other way of
 * schemes/proc/grammar_rule.c.  Called by those who show rules.  What comes out
 * is taken by a session as the same rule.
 */
#include "trace/session.h"
#include "textfile.h"

/* The next member of a SET: its name, or its number if it has none. */
static void
member(struct text_buffer *buffer, const char **comma, const char *name,
       uint64_t number)
{
	if (name)
		text_printf(buffer, "%s%s", *comma, name);
	else
		text_printf(buffer, "%s%llu", *comma,
			    (unsigned long long)number);
	*comma = ",";
}

static void
calls(struct text_buffer *buffer, const struct call_set *set)
{
	const char *comma = " ";

	for (unsigned slot = 0; slot < SYSCALL_COUNT; slot++)
		if (set->bits[slot / 64] >> (slot % 64) & 1)
			member(buffer, &comma,
			       trace_call_name(slot + SYSCALL_FIRST), 0);
	for (uint32_t i = 0; i < set->others; i++)
		member(buffer, &comma, NULL, set->other[i]);
}

static void
few(struct text_buffer *buffer, const struct rule *rule)
{
	const char *comma = " ";

	for (unsigned i = 0; i < 64; i++) {
		if (!(rule->few >> i & 1))
			continue;
		if (rule->event == TRACE_EV_signal)
			member(buffer, &comma, trace_signal_name((int)i + 1),
			       i + 1);
		else
			member(buffer, &comma, trace_fault_name(i), i);
	}
}

static void
set_text(struct text_buffer *buffer, const struct rule *rule)
{
	bool has_set = is_call_event(rule->event) || rule->few;

	if (!has_set)
		return;
	if (rule->few == UINT64_MAX || rule->set.all)
		text_printf(buffer, " *");
	else if (rule->few)
		few(buffer, rule);
	else
		calls(buffer, &rule->set);
}

/* A result: small negative ones are errors. */
static void
result_text(struct text_buffer *buffer, uint64_t value)
{
	uint64_t error = 0 - value;
	const char *name =
		error < 4096 ? trace_error_name((int64_t)error) : NULL;

	if (name && error)
		text_printf(buffer, " -%s", name);
	else
		text_printf(buffer, value >> 32 ? " 0x%llx" : " %llu",
			    (unsigned long long)value);
}

static void
value_text(struct text_buffer *buffer, const struct rule *rule)
{
	const char *signal;

	if (rule->action == ACTION_RETURN) {
		result_text(buffer, rule->value);
		return;
	}
	signal = rule->action == ACTION_SIGNAL
			 ? trace_signal_name((int)rule->value)
			 : NULL;
	if (signal)
		text_printf(buffer, " %s", signal);
	else if (rule->action == ACTION_SIGNAL || rule->action == ACTION_DELAY)
		text_printf(buffer, " %llu", (unsigned long long)rule->value);
}

void
rule_text(struct text_buffer *buffer, const struct rule *rule)
{
	text_printf(buffer, "on %s", trace_event_name(rule->event));
	set_text(buffer, rule);
	text_printf(buffer, " %s", trace_action_name(rule->action));
	value_text(buffer, rule);
}

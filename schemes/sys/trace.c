/*
 * sys:/trace: the sessions: one line each, oldest first, fields split by tabs:
 * number, opener's pid, mode, targets, rules, events that wait to be read, how
 * many of them may be logged ones, events lost, threads held.
 *
 * Called by sys.c when it is read.  trace/show.c says whose sessions these are.
 */
#include "sys.h"
#include "trace/edges.h"
#include "trace/show.h"

static void
put_target(uint32_t pid, void *arg)
{
	struct text_buffer *targets = arg;

	text_printf(targets, "%s%u", targets->used ? "," : "", pid);
}

static const char *
mode_of(const struct session_facts *facts)
{
	if (facts->exclusive)
		return "exclusive";
	return facts->controller ? "controller" : "observer";
}

static void
put_rules(struct text_buffer *text, const struct session_facts *facts)
{
	text_printf(text, "%u", facts->rules);
}

static void
put_session(struct text_buffer *text, const struct session_facts *facts,
	    const struct text_buffer *targets)
{
	text_printf(text, "%lu\t%u\t%s\t%s\t", facts->number, facts->opener,
		    mode_of(facts), targets->used ? targets->text : "-");
	put_rules(text, facts);
	text_printf(text, "\t%u\t%u\t%lu\t%u\n", facts->queued, facts->bound,
		    facts->lost, facts->held);
}

void
trace_text(struct text_buffer *text, const struct asker *asker)
{
	struct session *session = NULL;

	while ((session = edges_next(session))) {
		struct text_buffer targets = {0};
		struct session_facts facts;

		if (session_facts(session, asker, &facts, put_target, &targets))
			put_session(text, &facts, &targets);
		if (targets.error)
			text->error = targets.error;
		text_free(&targets);
	}
}

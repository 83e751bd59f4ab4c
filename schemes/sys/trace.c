/*
 * sys:/trace: the sessions: one line each, oldest first, fields split by tabs:
 * number, opener's pid, mode, targets, how many rules, events that wait to be
 * read, how many of them may be logged ones, events lost, threads held, the
 * rules.
 *
 * Called by sys.c when it is read.  trace/show.c says whose sessions these are.
 */
#include "sys.h"
#include "trace/edges.h"
#include "trace/rule.h"
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

/* `RULE =HITS` each, with `; ` between them. */
static void
put_rules(struct text_buffer *text, struct session *session)
{
	struct rule rule;
	uint64_t hits;
	uint32_t i = 0;

	for (; session_rule_at(session, i, &rule, &hits); i++) {
		text_printf(text, "%s", i ? "; " : "\t");
		rule_text(text, &rule);
		if (hits != HITS_NONE)
			text_printf(text, " =%lu", hits);
	}
	text_printf(text, "%s", i ? "\n" : "\t-\n");
}

static void
put_session(struct text_buffer *text, const struct session_facts *facts,
	    const struct text_buffer *targets)
{
	text_printf(text, "%lu\t%u\t%s\t%s", facts->number, facts->opener,
		    mode_of(facts), targets->used ? targets->text : "-");
	text_printf(text, "\t%u\t%u\t%u\t%lu\t%u", facts->rules, facts->queued,
		    facts->bound, facts->lost, facts->held);
}

void
trace_text(struct text_buffer *text, const struct asker *asker)
{
	struct session *session = NULL;

	while ((session = edges_next(session))) {
		struct text_buffer targets = {0};
		struct session_facts facts;

		if (session_facts(session, asker, &facts, put_target,
				  &targets)) {
			put_session(text, &facts, &targets);
			put_rules(text, session);
		}
		if (targets.error)
			text->error = targets.error;
		text_free(&targets);
	}
}

/*
 * Events as lines: `SEQ PID/TID hold|log EVENT details`.  Called by trace.c for
 * text readers.
 *
 * Only numbers and the names of tables are written here; what is behind a
 * pointer of the tracee is nobody's business in the kernel. A line splits at
 * spaces: strings are escaped.
 */
#include "format.h"
#include "abi/signal.h"

static void
format_call(struct text_buffer *line, const struct trace_event *event)
{
	const char *name = trace_call_name(event->word[0]);
	unsigned count = trace_call_arguments(event->word[0]);

	if (name)
		text_printf(line, " %s", name);
	else
		text_printf(line, " #%lu", event->word[0]);
	for (unsigned i = 1; i <= count; i++)
		text_printf(line, " 0x%lx", event->word[i]);
}

static void
format_result(struct text_buffer *line, const struct trace_event *event)
{
	int64_t result = (int64_t)event->word[7];
	const char *error = NULL;

	if (event->flags & TRACE_EF_RESTART) {
		text_printf(line, " = restart");
		return;
	}
	if (result < 0 && result >= -4095)
		error = trace_error_name(-result);
	if (error)
		text_printf(line, " = -%s", error);
	else if (trace_call_gives_address(event->word[0]))
		text_printf(line, " = 0x%lx", event->word[7]);
	else
		text_printf(line, " = %ld", result);
}

static void
format_enter(struct text_buffer *line, const struct trace_event *event,
	     const struct event_text *text)
{
	(void)text;
	format_call(line, event);
}

static void
format_leave(struct text_buffer *line, const struct trace_event *event,
	     const struct event_text *text)
{
	(void)text;
	format_call(line, event);
	format_result(line, event);
	text_printf(line, " %lu", event->word[8]);
	if (event->flags & TRACE_EF_UNRUN)
		text_printf(line, " unrun");
}

static void
format_number(struct text_buffer *line, const struct trace_event *event,
	      const struct event_text *text)
{
	(void)text;
	text_printf(line, " %lu", event->word[0]);
}

/* Who sent it, where it says so. */
static void
format_sender(struct text_buffer *line, const struct trace_event *event)
{
	text_printf(line, " pid %u uid %u", (uint32_t)event->word[2],
		    (uint32_t)(event->word[2] >> 32));
}

/* code is si_code: 0 and below somebody sent it, above 0 the kernel says why,
 * 0x80 without more. */
static void
format_signal(struct text_buffer *line, const struct trace_event *event,
	      const struct event_text *text)
{
	int code = (int)event->word[1];
	const char *name = trace_signal_name((int)event->word[0]);

	(void)text;
	if (name)
		text_printf(line, " %s", name);
	else
		text_printf(line, " %lu", event->word[0]);
	text_printf(line, " code %d", code);
	if (event->word[0] == KSIGCHLD && code > 0) {
		format_sender(line, event);
		text_printf(line, " status %d", (int)event->word[3]);
	} else if (code <= 0) {
		format_sender(line, event);
	} else if (code != KSI_KERNEL) {
		text_printf(line, " addr 0x%lx", event->word[2]);
	}
}

static void
format_fault(struct text_buffer *line, const struct trace_event *event,
	     const struct event_text *text)
{
	const char *name = trace_fault_name(event->word[0]);

	(void)text;
	if (name)
		text_printf(line, " %s", name);
	else
		text_printf(line, " %lu", event->word[0]);
	text_printf(line, " err %lx addr 0x%lx", event->word[1],
		    event->word[2]);
}

static void
format_exec(struct text_buffer *line, const struct trace_event *event,
	    const struct event_text *text)
{
	uint32_t length;
	uint16_t kind;

	(void)event;
	text_printf(line, " ");
	if (text)
		text_word(line, event_text_bytes(text, &length, &kind));
	else
		text_printf(line, "-ENOMEM");
}

static void
format_end(struct text_buffer *line, const struct trace_event *event,
	   const struct event_text *text)
{
	const char *name = trace_signal_name((int)event->word[0]);

	(void)text;
	if (!(event->flags & TRACE_EF_SIGNALED))
		text_printf(line, " exited %lu", event->word[0]);
	else if (name)
		text_printf(line, " killed %s", name);
	else
		text_printf(line, " killed %lu", event->word[0]);
}

static void
format_stop(struct text_buffer *line, const struct trace_event *event,
	    const struct event_text *text)
{
	(void)text;
	if (event->flags & TRACE_EF_ASLEEP)
		text_printf(line, " asleep");
}

static void (*const details[TRACE_EV_END_OF_TYPES])(
	struct text_buffer *, const struct trace_event *,
	const struct event_text *) = {
	[TRACE_EV_enter] = format_enter,   [TRACE_EV_leave] = format_leave,
	[TRACE_EV_signal] = format_signal, [TRACE_EV_fault] = format_fault,
	[TRACE_EV_fork] = format_number,   [TRACE_EV_lost] = format_number,
	[TRACE_EV_exec] = format_exec,	   [TRACE_EV_end] = format_end,
	[TRACE_EV_stop] = format_stop,
};

void
format_event(struct text_buffer *line, const struct trace_event *event,
	     const struct event_text *text)
{
	text_printf(line, "%lu %u/%u %s %s", event->seq, event->pid, event->tid,
		    event->flags & TRACE_EF_HOLD ? "hold" : "log",
		    trace_event_name(event->type));
	if (details[event->type])
		details[event->type](line, event, text);
	text_printf(line, "\n");
}

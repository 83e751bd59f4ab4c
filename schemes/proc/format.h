/* Events as lines of text. */
#pragma once

#include "textfile.h"
#include "trace/session.h"

/* One line with its newline; text: the event's own, or NULL. */
void format_event(struct text_buffer *line, const struct trace_event *event,
		  const struct event_text *text);

/*
 * Lines that the status of a process and that of a thread have in common.
 */
#pragma once

#include <stdint.h>

struct text_buffer;

/* Of an enum trace_state. */
const char *status_state_name(uint32_t state);
/* `why-held` and `held-by`; event 0: none. */
void status_put_held(struct text_buffer *buffer, unsigned event,
		     const uint32_t *pids, uint32_t count);

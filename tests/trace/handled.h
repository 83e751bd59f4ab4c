/*
 * What the cases about signals share: a tracee that handles them and tells
 * which, and the session on it.
 */
#pragma once

#include "trace/scene.h"

static int fd; /* of the session */

static volatile int handled; /* in the tracee */

static inline void
handler(int sig)
{
	handled = sig;
}

static inline void
handle(int sig, int flags)
{
	struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

	sigaction(sig, &action, NULL);
}

/* A session with these rules on a new tracee that does this. */
static inline void
start(void (*body)(const struct tracee *), const char *rules)
{
	fd = session_on(body);
	PUT(fd, rules);
}

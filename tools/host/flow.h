/* Bytes on their way from one descriptor to another, or into memory. */
#pragma once

#include "buffer.h"

#include <poll.h>
#include <stdbool.h>

struct flow {
	int from;      /* -1: nothing more comes */
	int to;	       /* -1: goes nowhere */
	int log;       /* a copy goes here as well, if not -1 */
	int log_error; /* the errno that ended that */
	bool to_socket;
	bool to_serial; /* the end of input becomes ^D */
	bool escapes;	/* ^] on the way is the user's wish to leave */
	bool left;	/* the user wished to leave */
	bool broken;	/* `to` takes nothing any more */
	int error;	/* the errno that said so */

	struct buffer *keep; /* a copy stays here, if not NULL, ... */
	size_t keep_most;    /* ... the end of it alone, if longer; 0: all */

	char bytes[65536];
	size_t start, end; /* of what waits in bytes */
};

/* Sets the two entries for poll: where from, where to. */
void flow_want(const struct flow *f, struct pollfd *from, struct pollfd *to);

/* Moves what poll says can be moved.  Returns true if bytes came in. */
bool flow_move(struct flow *f, const struct pollfd *from,
	       const struct pollfd *to);

/* Tells whether all that will come has arrived. */
bool flow_done(const struct flow *f);

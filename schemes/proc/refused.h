/* What `status` says of the last write that was refused. */
#pragma once

#include <stddef.h>

struct command;
struct thread;

/* Notes a refusal of self's write, if error is one; returns error. */
int refused(struct thread *self, const char *what, int error);
/* The same of what is no command: why, and of which word. */
int refused_command(struct thread *self, const char *what,
		    const struct command *command, int error);
/* The same in so many words; length 0: no word is named.  Bytes that are not
 * printable are shown as `?`. */
int refused_word(struct thread *self, const char *what, int error,
		 const char *why, const char *text, size_t length);

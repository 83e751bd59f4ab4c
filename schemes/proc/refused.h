/* What `status` says of the last write that was refused. */
#pragma once

struct command;
struct thread;

/* Notes a refusal of self's write, if error is one; returns error. */
int refused(struct thread *self, const char *verb, int error);
/* The same of a line that is none: which word, and why. */
int refused_line(struct thread *self, const struct command *command, int error);
/* -EINVAL: a write that does not end with a newline. */
int refused_end(struct thread *self);

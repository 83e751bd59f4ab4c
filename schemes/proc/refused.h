/* What `status` says of the last write that was refused. */
#pragma once

struct thread;

/* Notes a refusal of self's write, if error is one; returns error. */
int refused(struct thread *self, const char *verb, int error);

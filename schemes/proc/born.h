/* The verb `new`: a child of the writer, held before its first instruction. */
#pragma once

struct command;
struct face;
struct thread;

int born_create(struct thread *self, struct face *face,
		const struct command *command);
int born_env(struct face *face,
	     const char *string); /* one string of the next one's environment */

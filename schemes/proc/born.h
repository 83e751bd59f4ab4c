/* The verb `new`: a child of the writer, held before its first instruction. */
#pragma once

struct command;
struct face;
struct thread;

/* 0 or -errno; *why: set if that is special, for `refused`. */
int born_create(struct thread *self, struct face *face,
		const struct command *command, const char **why);
int born_env(struct face *face,
	     const char *string); /* one string of the next one's environment */

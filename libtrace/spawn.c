/*
 * Starting a program under a session: the verb `new`.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

extern char **environ;

static size_t
strings_size(char *const strings[], uint64_t *count)
{
	size_t size = 0;

	for (*count = 0; strings[*count]; ++*count)
		size += strlen(strings[*count]) + 1;
	return size;
}

static char *
strings_copy(char *to, char *const strings[])
{
	for (size_t i = 0; strings[i]; i++) {
		size_t size = strlen(strings[i]) + 1;

		memcpy(to, strings[i], size);
		to += size;
	}
	return to;
}

/* The packed verb `new`; heap. */
static struct trace_verb *
new_verb(const char *path, char *const argv[], char *const envp[])
{
	struct trace_verb verb = {.verb = TRACE_VERB_new};
	size_t path_size = strlen(path) + 1;
	size_t size = TRACE_VERB_SIZE + path_size +
		      strings_size(argv, &verb.arg[0]) +
		      strings_size(envp, &verb.arg[1]);
	char *bytes, *to;

	if (size > TRACE_LINE_MAX) {
		errno = E2BIG;
		return NULL;
	}
	bytes = malloc(size);
	if (!bytes)
		return NULL;
	verb.size = (uint32_t)size;
	memcpy(bytes, &verb, sizeof(verb));
	to = bytes + TRACE_VERB_SIZE;
	memcpy(to, path, path_size);
	to = strings_copy(to + path_size, argv);
	(void)strings_copy(to, envp);
	return (struct trace_verb *)(void *)bytes;
}

int
trace_spawn_more(struct trace *trace, const char *path, char *const argv[],
		 char *const envp[])
{
	struct trace_verb *verb;
	int error;

	if (!argv[0])
		return -EINVAL;
	verb = new_verb(path, argv, envp ? envp : environ);
	if (!verb)
		return -errno;
	error = trace_put(trace, verb, verb->size);
	free(verb);
	return error;
}

/* The event `start` is there already: it says who the child is, and is given by
 * the first trace_next. */
static int
child_pid(struct trace *trace, pid_t *pid)
{
	struct trace_event event;
	ssize_t n = trace_fill(trace, -1);

	if (n <= 0)
		return n < 0 ? (int)n : -ESRCH;
	memcpy(&event, trace->batch, sizeof(event));
	*pid = (pid_t)event.pid;
	return 0;
}

int
trace_spawn(struct trace **result, const char *path, char *const argv[],
	    char *const envp[], pid_t *pid)
{
	struct trace *trace;
	int error = trace_open(&trace, "proc:/new.bin", O_RDWR);

	if (error)
		return error;
	error = trace_spawn_more(trace, path, argv, envp);
	if (!error && pid)
		error = child_pid(trace, pid);
	if (error) {
		trace_close(trace);
		return error;
	}
	*result = trace;
	return 0;
}

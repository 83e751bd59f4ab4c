/*
 * Runs a program and lets everything pass until it would write to descriptor 2:
 * that call becomes exit(123), before it happens.
 *
 *	deny-stderr PROGRAM [ARGUMENT...]
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <trace.h>

static int
fail(const char *what, int error)
{
	fprintf(stderr, "deny-stderr: %s: %s\n", what, trace_strerror(error));
	return error == -ENOENT ? 127 : 126;
}

/* A name without a slash is looked for in /bin. */
static int
start(struct trace **trace, char *argv[])
{
	char path[4096];

	snprintf(path, sizeof(path), "%s%s",
		 strpbrk(argv[0], "/:") ? "" : "/bin/", argv[0]);
	return trace_spawn(trace, path, argv, NULL, NULL);
}

int
main(int argc, char *argv[])
{
	static const uint64_t status[6] = {123};
	struct trace_event event;
	struct trace *trace;
	uint64_t exit_call;
	int error;

	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		fprintf(argc < 2 ? stderr : stdout,
			"usage: deny-stderr PROGRAM [ARGUMENT...]\n");
		return argc < 2 ? 2 : 0;
	}
	error = trace_call_number("exit", &exit_call);
	if (!error)
		error = start(&trace, argv + 1);
	if (error)
		return fail(argv[1], error);
	error = trace_on(trace, "enter", "write,writev", "hold");
	while (!error && (error = trace_next(trace, &event, -1)) > 0) {
		error = 0;
		if (event.type == TRACE_EV_enter && (int)event.word[1] == 2)
			error = trace_args(trace, exit_call, status);
		else if (event.type == TRACE_EV_end)
			printf(event.flags & TRACE_EF_SIGNALED
				       ? "Child killed by signal %d.\n"
				       : "Child terminated with error code "
					 "%d.\n",
			       (int)event.word[0]);
	}
	trace_close(trace);
	return error ? fail("tracing", error) : 0;
}

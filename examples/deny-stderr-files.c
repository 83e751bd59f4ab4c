/*
 * deny-stderr with nothing but open, read and write on files of proc:, to show
 * that there is no magic.
 *
 *	deny-stderr-files PROGRAM [ARGUMENT...]
 *
 * proc:/new is a session without a process; `new` gives it one, held before its
 * first instruction.  Each read is the next event, and lets go what the event
 * before held.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
say(int trace, const char *line)
{
	ssize_t length = (ssize_t)strlen(line);

	if (write(trace, line, (size_t)length) == length)
		return 0;
	fprintf(stderr, "%s: ", strerror(errno));
	fputs(line, stderr);
	return -1;
}

/* `new PATH ARG0 ...`: in a word, a space is %20 and a per cent sign %25. */
static int
start(int trace, char *argv[])
{
	static char line[65536];
	size_t used = 0;

	used += (size_t)snprintf(line, sizeof(line), "new %s",
				 strpbrk(argv[0], "/:") ? "" : "/bin/");
	for (int i = -1; i < 0 || argv[i]; i++) {
		if (i >= 0)
			line[used++] = ' ';
		for (const char *c = argv[i < 0 ? 0 : i]; *c; c++) {
			if (used + 8 > sizeof(line))
				return say(trace, "too long\n");
			used += (size_t)snprintf(
				line + used, 4,
				*c <= ' ' || *c == '%' ? "%%%02X" : "%c",
				(unsigned char)*c);
		}
	}
	strcpy(line + used, "\n");
	return say(trace, line);
}

int
main(int argc, char *argv[])
{
	int trace = open("proc:/new", O_RDWR | O_CLOEXEC);
	char event[512];
	ssize_t n;

	if (argc < 2 || strcmp(argv[1], "--help") == 0) {
		fprintf(argc < 2 ? stderr : stdout,
			"usage: deny-stderr-files PROGRAM [ARGUMENT...]\n");
		return argc < 2 ? 2 : 0;
	}
	if (trace < 0 || start(trace, argv + 1) ||
	    say(trace, "on enter write,writev hold\n"))
		return 126;
	while ((n = read(trace, event, sizeof(event) - 1)) > 0) {
		char *end;

		event[n] = '\0';
		end = strstr(event, " end exited ");
		if (strstr(event, " enter write 0x2 ") ||
		    strstr(event, " enter writev 0x2 "))
			say(trace, "args exit 123 0 0 0 0 0\n");
		else if (end)
			printf("Child terminated with error code %ld.\n",
			       strtol(end + strlen(" end exited "), NULL, 10));
		else if (strstr(event, " end killed "))
			printf("Child killed.\n");
	}
	return n < 0 ? 1 : 0;
}

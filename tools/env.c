/*
 * env [-i0] [-u NAME]... [NAME=VALUE]... [COMMAND [ARGUMENT]...]: runs a
 * command with another environment, or prints it.
 */
#include "util.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char env_usage[] =
	"usage: env [-i0] [-u NAME]... [NAME=VALUE]... [COMMAND "
	"[ARGUMENT]...]\n"
	"Runs COMMAND with another environment; without one prints it.\n"
	"  -i, -    begins with an empty one\n"
	"  -u NAME  without this variable\n"
	"  -0       a NUL after each line, not a newline\n";

static int
env_exec(char **argv)
{
	int error;

	execvp(argv[0], argv);
	error = errno;
	util_fail(argv[0]);
	return error == ENOENT ? 127 : 126;
}

int
main(int argc, char **argv)
{
	static char *none[] = {NULL};
	char end = '\n', **at;
	int c;

	(void)argc;
	util_trouble = 125;
	util_start("env", env_usage);
	while ((c = util_option(argv, "+iu:0")) >= 0) {
		if (c == '0')
			end = '\0';
		else if (c == 'i')
			environ = none;
		else if (unsetenv(optarg) < 0)
			util_die_of(optarg);
	}
	argv += optind;
	if (*argv != NULL && strcmp(*argv, "-") == 0) {
		environ = none;
		argv++;
	}
	for (; *argv != NULL && strchr(*argv, '=') != NULL; argv++)
		if (putenv(*argv) != 0)
			util_die_of(*argv);
	if (*argv != NULL)
		return env_exec(argv);
	for (at = environ; *at != NULL && util_printed(); at++)
		printf("%s%c", *at, end);
	return util_end();
}

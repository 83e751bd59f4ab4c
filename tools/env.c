/* env [-i] [-u NAME]... [NAME=VALUE]... [COMMAND [ARG]...]: the environment. */
#include "util.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char env_usage[] =
	"usage: env [-i] [-u NAME]... [NAME=VALUE]... [COMMAND [ARG]...]\n"
	"Runs a command in a changed environment, or prints it.\n"
	"  -i       begins with an empty one\n"
	"  -u NAME  without this variable\n";

extern char **environ;

int
main(int argc, char **argv)
{
	static char *nothing[] = {NULL};
	char **variable;
	int c;

	(void)argc;
	util_start("env", env_usage);
	util_trouble = 125;
	while ((c = util_option(argv, "+iu:")) >= 0) {
		if (c == 'i')
			environ = nothing;
		else if (unsetenv(optarg) < 0)
			util_die_of(optarg);
	}
	for (; argv[optind] != NULL && strchr(argv[optind], '=') != NULL;
	     optind++)
		if (putenv(argv[optind]) != 0)
			util_die_of(argv[optind]);
	if (argv[optind] != NULL) {
		execvp(argv[optind], argv + optind);
		util_trouble = errno == ENOENT ? 127 : 126;
		util_die_of(argv[optind]);
	}
	for (variable = environ; *variable != NULL; variable++)
		printf("%s\n", *variable);
	return util_end();
}

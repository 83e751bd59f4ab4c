/*
 * yes [WORD]...: prints a line again and again.
 */
#include "util.h"

#include <stdio.h>
#include <unistd.h>

static const char yes_usage[] =
	"usage: yes [WORD]...\n"
	"Prints `y`, or the words, a line each time, until it is ended.\n";

int
main(int argc, char **argv)
{
	int i;

	(void)argc;
	util_start("yes", yes_usage);
	util_option(argv, "+");
	do {
		if (argv[optind] == NULL)
			fputs("y", stdout);
		for (i = optind; argv[i] != NULL; i++)
			printf(i > optind ? " %s" : "%s", argv[i]);
	} while (putchar('\n') != EOF);
	return util_end();
}

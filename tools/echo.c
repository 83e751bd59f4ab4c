/*
 * echo [-n] [WORD]...: prints its words.
 *
 * Only a first -n and a lone --help mean something; the rest is words.
 */
#include "util.h"

#include <stdio.h>
#include <string.h>

static const char echo_usage[] =
	"usage: echo [-n] [WORD]...\n"
	"Prints the words with a space between them, and a newline.\n"
	"  -n  without the newline\n";

int
main(int argc, char **argv)
{
	bool bare = argc > 1 && strcmp(argv[1], "-n") == 0;
	int i;

	util_start("echo", echo_usage);
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		util_option(argv, "");
	for (i = bare ? 2 : 1; i < argc; i++)
		printf("%s%s", argv[i], i + 1 < argc ? " " : "");
	if (!bare)
		putchar('\n');
	return util_end();
}

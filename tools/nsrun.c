/*
 * nsrun [-SCHEME[=FD[,FD]...]]... COMMAND [ARGUMENT]...: runs a command that
 * cannot reach these schemes.
 *
 * The rule: schemes are given up in the order of the options, and the command
 * runs only if all of them could be.
 */
#include "util.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/namespace.h>
#include <unistd.h>

static const char nsrun_usage[] =
	"usage: nsrun [-SCHEME[=FD[,FD]...]]... COMMAND [ARGUMENT]...\n"
	"Runs COMMAND without these schemes: no path leads there, and their\n"
	"descriptors are closed but for each FD.\n"
	"  -proc        without proc:\n"
	"  -host=0,1,2  without host:, but with these three\n"
	"Status: the command's; 125 trouble, 126 it cannot be run, 127 it is "
	"not there.\n";

/* The descriptors of a list without spaces, whose commas it turns into ends. */
static int *
nsrun_keep(char *list, int *count)
{
	size_t most = strlen(list) / 2 + 1;
	int *keep = util_alloc(most * sizeof *keep);
	char *at = list, *comma;

	for (*count = 0; at != NULL; at = comma) {
		comma = strchr(at, ',');
		if (comma != NULL)
			*comma++ = '\0';
		if (*at == '\0')
			util_die("a descriptor is missing");
		keep[(*count)++] =
			(int)util_number(at, 0, INT_MAX, "descriptor");
	}
	return keep;
}

static void
nsrun_refused(const char *scheme)
{
	switch (errno) {
	case ENOENT:
		util_die("%s: no such scheme", scheme);
	case EBADF:
		util_die("%s: a descriptor to keep is not of this scheme",
			 scheme);
	default:
		util_die_of(scheme);
	}
}

/* SCHEME[=FD[,FD]...] */
static void
nsrun_drop(char *option)
{
	char *list = strchr(option, '=');
	int *keep = NULL, count = 0;

	if (list != NULL) {
		*list++ = '\0';
		keep = nsrun_keep(list, &count);
	}
	if (strcmp(option, "file") == 0)
		util_die("file: a command is a file: without this scheme "
			 "none can be run");
	if (nsdrop(option, keep, count) < 0)
		nsrun_refused(option);
	free(keep);
}

static int
nsrun_exec(char **argv)
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
	char **end = argv + 1, **at;

	(void)argc;
	util_trouble = 125;
	util_start("nsrun", nsrun_usage);
	while (*end != NULL && **end == '-' && (*end)[1] != '-' &&
	       (*end)[1] != '\0')
		end++;
	optind = (int)(end - argv);
	util_option(argv, "+"); /* --help, -- */
	if (argv[optind] == NULL)
		util_usage();
	for (at = argv + 1; at < end; at++)
		nsrun_drop(*at + 1);
	return nsrun_exec(argv + optind);
}

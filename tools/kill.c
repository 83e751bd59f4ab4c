/*
 * kill [-s SIGNAL | -SIGNAL] PID..., kill -l [NUMBER]...: sends signals.
 *
 * The shell has its own for jobs; this is the one that others start.
 */
#include "names.h"
#include "util.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kill_usage[] =
	"usage: kill [-s SIGNAL | -SIGNAL] PID...\n"
	"\tkill -l [NUMBER]...\n"
	"Sends SIGNAL (TERM), a name or number, to processes; 0 only asks\n"
	"whether they are there and may be sent one.  PID -N is group N.\n"
	"  -l  the names of signals; of a NUMBER or an exit status\n";

static int
kill_signal(const char *text)
{
	int number = text != NULL ? names_signal(text) : -1;

	if (number < 0)
		util_die("%s: no such signal", text != NULL ? text : "-s");
	return number;
}

static int
kill_list(char **argv)
{
	const char *name;
	int number;

	if (*argv == NULL)
		for (number = 1; number < NSIG; number++)
			if (names_signal_name(number) != NULL)
				puts(names_signal_name(number));
	for (; *argv != NULL; argv++) {
		number = names_signal(*argv);
		if (number < 0)
			number = (int)util_number(*argv, 128, 128 + NSIG,
						  "signal");
		if (number >= 128)
			number -= 128;
		name = names_signal_name(number);
		if (strchr("0123456789", **argv) != NULL && name != NULL)
			puts(name);
		else
			printf("%d\n", number);
	}
	return util_end();
}

static void
kill_one(const char *text, int signal)
{
	char *end;
	long pid = strtol(text, &end, 10);

	if (end == text || *end != '\0' || pid != (pid_t)pid)
		util_say("%s: not a process", text);
	else if (kill((pid_t)pid, signal) < 0)
		util_fail(text);
}

int
main(int argc, char **argv)
{
	int signal = SIGTERM;
	char *first = argc > 1 ? argv[1] : NULL;

	util_trouble = 1;
	util_start("kill", kill_usage);
	if (first == NULL)
		util_usage();
	argv++;
	if (strcmp(first, "--help") == 0)
		util_option(argv - 1, "+");
	else if (strcmp(first, "-l") == 0)
		return kill_list(argv + 1);
	else if (strcmp(first, "--") == 0)
		argv++;
	else if (strcmp(first, "-s") == 0)
		signal = kill_signal(argv[1]), argv += 2;
	else if (strncmp(first, "-s", 2) == 0 && names_signal(first + 1) < 0)
		signal = kill_signal(first + 2), argv++;
	else if (first[0] == '-')
		signal = kill_signal(first + 1), argv++;
	if (*argv != NULL && strcmp(*argv, "--") == 0)
		argv++;
	if (*argv == NULL)
		util_usage();
	for (; *argv != NULL; argv++)
		kill_one(*argv, signal);
	return util_end();
}

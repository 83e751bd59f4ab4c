/* kill [-s SIGNAL | -SIGNAL] PID..., kill -l [NUMBER]...: signals. */
#include "signals.h"
#include "util.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char kill_usage[] =
	"usage: kill [-s SIGNAL | -SIGNAL] PID...\n"
	"\tkill -l [STATUS]...\n"
	"Sends SIGTERM, or another signal, to processes; -PID is a group.\n"
	"  -s SIGNAL  by name or number; 0 only looks whether they are there\n"
	"  -l         the names of all signals, or of what a status says\n";

static void
kill_list(char **words)
{
	int number;

	if (*words == NULL)
		for (number = 1; number <= 64; number++)
			if (signal_name(number) != NULL)
				printf("%s\n", signal_name(number));
	for (; *words != NULL; words++) {
		number = (int)util_number(*words, 0, 255, "status");
		number = number > 128 ? number - 128 : number;
		if (signal_name(number) == NULL)
			util_say("%s: no such signal", *words), util_status = 1;
		else
			printf("%s\n", signal_name(number));
	}
}

static int
kill_signal(const char *word)
{
	int number = signal_number(word);

	if (number < 0)
		util_die("%s: no such signal", word);
	return number;
}

int
main(int argc, char **argv)
{
	int number = SIGTERM;
	char **word = argv + 1;
	char *end;

	util_start("kill", kill_usage);
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		util_option(argv, "");
	if (argc < 2)
		util_usage();
	if (strcmp(*word, "-l") == 0) {
		kill_list(word + 1);
		return util_end();
	}
	if (strcmp(*word, "-s") == 0 && word[1] != NULL) {
		number = kill_signal(word[1]);
		word += 2;
	} else if (**word == '-' && strcmp(*word, "--") != 0) {
		number = kill_signal(*word + 1);
		word++;
	}
	if (*word != NULL && strcmp(*word, "--") == 0)
		word++;
	if (*word == NULL)
		util_usage();
	for (; *word != NULL; word++) {
		long pid = strtol(*word, &end, 10);

		if (end == *word || *end != '\0') {
			util_say("%s: no process", *word);
			util_status = 1;
		} else if (kill((pid_t)pid, number) < 0) {
			util_fail(*word);
		}
	}
	return util_end();
}

/*
 * tee [-ai] [FILE]...: copies its input to its output and to files.
 *
 * An output that cannot be written is said and left; the others go on, and
 * without any there is nothing more to do.
 */
#include "text.h"
#include "util.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static const char tee_usage[] = "usage: tee [-ai] [FILE]...\n"
				"Copies stdin to stdout and to the files.\n"
				"  -a  adds to the files\n"
				"  -i  goes on when ^C is typed\n";

struct tee_output {
	const char *name;
	int fd; /* -1: given up */
};

static void
tee_copy(struct tee_output *outputs, int count)
{
	static char piece[65536];
	int i, live = 0;
	ssize_t got;

	for (i = 0; i < count; i++)
		live += outputs[i].fd >= 0;
	while (live > 0 && (got = text_read(STDIN_FILENO, piece, sizeof piece,
					    "stdin")) > 0)
		for (i = 0; i < count; i++) {
			if (outputs[i].fd < 0 ||
			    util_write(outputs[i].fd, piece, (size_t)got) == 0)
				continue;
			util_fail(outputs[i].name);
			outputs[i].fd = -1;
			live--;
		}
}

int
main(int argc, char **argv)
{
	int flags = O_WRONLY | O_CREAT | O_TRUNC, c, count;
	struct tee_output *outputs;

	util_trouble = 1;
	util_start("tee", tee_usage);
	while ((c = util_option(argv, "ai")) >= 0) {
		if (c == 'a')
			flags = O_WRONLY | O_CREAT | O_APPEND;
		else
			signal(SIGINT, SIG_IGN);
	}
	outputs = util_alloc((size_t)(argc - optind + 1) * sizeof *outputs);
	outputs[0] = (struct tee_output){"stdout", STDOUT_FILENO};
	for (count = 1; argv[optind] != NULL; optind++, count++) {
		outputs[count].name = argv[optind];
		outputs[count].fd = open(argv[optind], flags, 0666);
		if (outputs[count].fd < 0)
			util_fail(argv[optind]);
	}
	tee_copy(outputs, count);
	return util_end();
}

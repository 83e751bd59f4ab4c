/*
 * init, the first process: it does what the kernel's command line says, tells
 * the verdict, powers off.
 *
 * Started by the kernel with the words of the command line as arguments: `run`
 * (a job from the host, see init_run.c) or `demo [batch]` (init_demo.c).  The
 * verdict is the line `exit N` on host:/status.  Whatever fails, it comes to
 * the power-off: init must not end, or the kernel panics.
 */
#include "init.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/reboot.h>
#include <sys/wait.h>
#include <unistd.h>

/* Descriptors 0 to 2, so that messages have a place: the host's error line,
 * else the console. */
static void
init_open_stdio(void)
{
	int fd = open("host:/err", O_WRONLY);

	if (fd < 0)
		fd = open("tty:/console", O_RDWR | O_NOCTTY);
	while (fd >= 0 && fd < STDERR_FILENO)
		fd = dup(fd);
}

static void
init_tell(const char *line)
{
	int fd = open("host:/status", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, line, strlen(line)) < 0)
		perror("host:/status");
	close(fd);
}

static int
init_do(int argc, char **argv)
{
	const char *mode = argc > 1 ? argv[1] : "";

	if (strcmp(mode, "run") == 0)
		return init_run();
	if (strcmp(mode, "demo") == 0)
		return init_demo(argc > 2 && strcmp(argv[2], "batch") == 0);
	fprintf(stderr, "init: no such mode: '%s'\n", mode);
	return 125;
}

int
main(int argc, char **argv)
{
	char line[32];

	init_open_stdio();
	init_tell("start\n");
	snprintf(line, sizeof line, "exit %d\n", init_do(argc, argv));
	fflush(NULL);
	init_tell(line);
	for (;;) {
		reboot(REBOOT_POWEROFF);
		while (wait(NULL) > 0)
			continue;
	}
}

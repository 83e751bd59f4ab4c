/*
 * The mode `run`: one job that the host packed below /run/job, its changes sent
 * back.
 *
 * Called by init.c.  The host's side, with the list of files, is
 * tools/host/job.c; its program gets host:/in, out and err, or the console if
 * the job says so.
 */
#include "init.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { RUN_FAILED = 125 };

/* Opens the program's three descriptors.  Returns 0 or -1. */
static int
run_open_stdio(struct init_command *c)
{
	if (access("/run/job/tty", F_OK) == 0) {
		c->stdio[0] = init_open("tty:/console", O_RDWR | O_NOCTTY);
		c->stdio[1] = c->stdio[2] = c->stdio[0];
	} else {
		c->stdio[0] = init_open("host:/in", O_RDONLY);
		c->stdio[1] = init_open("host:/out", O_WRONLY);
		c->stdio[2] = init_open("host:/err", O_WRONLY);
	}
	return c->stdio[0] < 0 || c->stdio[1] < 0 || c->stdio[2] < 0 ? -1 : 0;
}

static int
run_send_back(char **folders)
{
	int out, place, error = 0;
	char name[16];

	if (folders == NULL || folders[0] == NULL)
		return 0;
	out = init_open("host:/back", O_WRONLY);
	if (out < 0)
		return -1;
	for (place = 0; folders[place] != NULL && error == 0; place++) {
		snprintf(name, sizeof name, "%d", place);
		error = init_send(out, folders[place], name);
	}
	if (error == 0)
		error = init_send_end(out);
	close(out);
	return error;
}

int
init_run(void)
{
	struct init_text exec = init_load("/run/job/exec");
	struct init_text cwd = init_load("/run/job/cwd");
	struct init_text user = init_load("/run/job/user");
	struct init_command c = {
		.argv = init_strings(init_load("/run/job/argv")),
		.env = init_strings(init_load("/run/job/env")),
		.path = exec.data,
		.cwd = cwd.data != NULL ? cwd.data : "/",
		.user = user.data == NULL
				? 0
				: (unsigned)strtoul(user.data, NULL, 10),
	};
	int status;

	if (c.argv == NULL || c.argv[0] == NULL || c.env == NULL) {
		fputs("init: there is no job in /run/job\n", stderr);
		return RUN_FAILED;
	}
	if (run_open_stdio(&c) < 0)
		return RUN_FAILED;
	status = init_spawn(&c);
	if (run_send_back(init_strings(init_load("/run/job/rw"))) < 0)
		return RUN_FAILED;
	return status;
}

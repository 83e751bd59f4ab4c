/* The parts of init: what each does with the machine that is its own. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

/* ---- init_file.c ---- */

/* Bytes of a file, NUL-terminated besides; data is NULL if it cannot be read.
 */
struct init_text {
	char *data;
	size_t size;
};
struct init_text init_load(const char *path);

/* The strings of a text in which each is NUL-terminated: a vector that ends
 * with NULL, or NULL. */
char **init_strings(struct init_text text);

/* Opens `path` close-on-exec and says so if it cannot.  Returns the descriptor
 * or -1. */
int init_open(const char *path, int flags);

/* ---- init_spawn.c ---- */

struct init_command {
	char **argv;
	char **env;
	const char
		*path; /* of the program; NULL: argv[0], looked for in PATH */
	const char *cwd;
	unsigned user;
	int stdio[3];
};

/*
 * Runs a program to its end and reaps whatever else ends meanwhile.  Returns
 * its status as sh tells it: 0 to 255, 128 + signal, 126 or 127 if it could not
 * be started, 125 if there was no process to be had.
 */
int init_spawn(const struct init_command *command);

/* The same, but returns the status of wait, or -1 if there was no process. */
int init_spawn_wait(const struct init_command *command);

/* ---- the modes ---- */

/* Runs the job below /run/job and sends its changes back.  Returns its status.
 */
int init_run(void);

/* Shows the demo on the console, then the shell unless `batch`.  Returns 0 if
 * all went as promised. */
int init_demo(int batch);

/* The login shell on the console, until its user leaves it; then the machine's
 * work is done.  Returns 0, or 125 if there is no shell. */
int init_shell(int console);

/* Sends a file or folder to the host as part of the archive on `out`, under the
 * name `name`.  Returns 0 or -1. */
int init_send(int out, const char *path, const char *name);
int init_send_end(int out);

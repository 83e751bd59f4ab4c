/*
 * The mode `demo`: the traced demo on the console, then the shell.
 *
 * Called by init.c when the machine was booted by `proctor` or `proctor demo`.
 * Each command is shown as one would type it, then run.
 */
#include "init.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define DEMO_LUA "print(1) io.stderr:write(\"x\") print(2)"

struct demo_show {
	const char *shown; /* the command line, as typed */
	char *argv[6];
};

static char demo_deny[] = "deny-stderr", demo_tracee[] = "chatty";
static char demo_lua[] = "lua", demo_e[] = "-e";
static char demo_script[] = DEMO_LUA;

static const struct demo_show demo_shows[] = {
	{"chatty", {demo_tracee}},
	{"deny-stderr chatty", {demo_deny, demo_tracee}},
	{"deny-stderr lua -e '" DEMO_LUA "'",
	 {demo_deny, demo_lua, demo_e, demo_script}},
};

static char demo_path[] = "PATH=/bin", demo_home[] = "HOME=/";
static char *demo_env[] = {demo_path, demo_home, NULL};

static const char demo_banner[] =
	"\n"
	"Proctor: a process is stopped, rewritten and let go through files.\n"
	"deny-stderr traces a program and turns its first write to stderr, "
	"before\n"
	"it happens, into exit(123).  ^] ends the machine at any time.\n";

static int
demo_run(char *const *argv, int console)
{
	char *vector[8] = {NULL};
	struct init_command c = {.argv = vector,
				 .env = demo_env,
				 .cwd = "/",
				 .stdio = {console, console, console}};
	int i;

	for (i = 0; argv[i] != NULL; i++)
		vector[i] = argv[i];
	return init_spawn(&c);
}

int
init_demo(int batch)
{
	int console = init_open("tty:/console", O_RDWR | O_NOCTTY);
	int worst = 0, status;
	size_t i;

	if (console < 0)
		return 1;
	dprintf(console, "%s", demo_banner);
	for (i = 0; i < sizeof demo_shows / sizeof *demo_shows; i++) {
		dprintf(console, "\n$ %s\n", demo_shows[i].shown);
		status = demo_run(demo_shows[i].argv, console);
		dprintf(console, "(exit status %d)\n", status);
		worst = status > worst ? status : worst;
	}
	if (!batch) {
		status = init_shell(console);
		worst = status > worst ? status : worst;
	}
	close(console);
	return worst;
}

/*
 * A program that the tests of tracing start: helper WHAT [ARGUMENT].
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static volatile int for_ever = 1;

static int
spin(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	while (for_ever)
		;
	return 0;
}

/* Its arguments and its environment, to stdout. */
static int
echo(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		printf("%d=%s\n", i, argv[i]);
	for (char **env = environ; *env; env++)
		printf("env %s\n", *env);
	return 0;
}

/* Which descriptors are open, to stdout. */
static int
descriptors(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (int fd = 0; fd < 64; fd++)
		if (dup2(fd, fd) == fd)
			printf("%d ", fd);
	putchar('\n');
	return 0;
}

static int
parent(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return (int)getppid() & 0xff;
}

/* As many calls of getppid as it is told. */
static int
ask(int argc, char **argv)
{
	long count = argc > 2 ? strtol(argv[2], NULL, 10) : 1;

	while (count-- > 0)
		if (getppid() < 1)
			return 1;
	return 0;
}

/*
 * Makes calls and says to stdout, in one write at the end, which leaves a trace
 * must show of them.
 */
static int
say(int argc, char **argv)
{
	static char text[2048];
	char link[8];
	int n = 0, size = (int)sizeof text;
	pid_t pid;

	(void)argc;
	(void)argv;
#define SAID(format, ...)                                                      \
	n += snprintf(text + n, (size_t)(size - n), "log leave " format "\n",  \
		      __VA_ARGS__)
	SAID("getpid = %d", (int)(pid = getpid()));
	SAID("getppid = %d", (int)getppid());
	SAID("getuid = %d", (int)getuid());
	SAID("close 0x4d = %s", close(77) < 0 ? "-EBADF" : "?");
	SAID("dup 0x0 = %d", dup(0));
	SAID("close 0x3 = %d", close(3));
	SAID("umask 0x12 = %d", (int)umask(022));
	SAID("umask 0x12 = %d", (int)umask(022));
	SAID("chdir 0x%lx = %d", (unsigned long)"/", chdir("/"));
	SAID("readlink 0x%lx 0x%lx 0x8 = %s", (unsigned long)"/none",
	     (unsigned long)link,
	     readlink("/none", link, 8) < 0 ? "-ENOENT" : "?");
	SAID("kill 0x%x 0x0 = %d", (unsigned)pid, kill(pid, 0));
	SAID("lseek 0x4d 0xffffffffffffffff 0x9 = %s",
	     lseek(77, -1, 9) < 0 ? "-EBADF" : "?");
#undef SAID
	return write(1, text, (size_t)n) != n;
}

static const struct {
	const char *name;
	int (*run)(int, char **);
} things[] = {
	{"spin", spin},	    {"echo", echo}, {"descriptors", descriptors},
	{"parent", parent}, {"ask", ask},   {"say", say},
};

int
main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(things) / sizeof(things[0]);
	     i++)
		if (strcmp(argv[1], things[i].name) == 0)
			return things[i].run(argc, argv);
	fprintf(stderr, "helper: no such thing\n");
	return 2;
}

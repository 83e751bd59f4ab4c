/*
 * A program that the tests of tracing start: helper WHAT [ARGUMENT].
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static const struct {
	const char *name;
	int (*run)(int, char **);
} things[] = {
	{"spin", spin},	    {"echo", echo}, {"descriptors", descriptors},
	{"parent", parent}, {"ask", ask},
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

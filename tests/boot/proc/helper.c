/*
 * A program that the tests of tracing start: helper WHAT [ARGUMENT].
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
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

/*
 * For ever another program: maps, opens, then execs /tmp/change or
 * /tmp/change-again, with its number and as many x as that says, in the
 * arguments and in the environment.
 */
static int
change(int argc, char **argv)
{
	unsigned long n = argc > 2 ? strtoul(argv[2], NULL, 10) + 1 : 1;
	char number[32], count[32], many[128] = "X=";
	char *args[] = {argv[0], argv[1], number, many + 2, NULL};
	char *env[] = {count, many, NULL};

	for (unsigned long i = 0; i < n % 13; i++) {
		(void)mmap(NULL, 4096 * (i + 1), i % 2 ? PROT_READ : PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		(void)open("/test/proc/helper", O_RDONLY | O_CLOEXEC);
	}
	snprintf(number, sizeof number, "%lu", n);
	snprintf(count, sizeof count, "N=%lu", n);
	memset(many + 2, 'x', n % 97 + 1);
	execve(n % 2 ? "/tmp/change-again" : "/tmp/change", args, env);
	return 1;
}

/* Sleeps, with whatever arguments it was given. */
static int
rest(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	while (pause() < 0)
		continue;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(int, char **);
} things[] = {
	{"spin", spin},	    {"echo", echo}, {"descriptors", descriptors},
	{"parent", parent}, {"ask", ask},   {"say", say},
	{"change", change}, {"rest", rest},
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

/*
 * A program that the tests of execve start: exec_helper WHAT ….
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

static int
words(int argc, char **argv)
{
	return argc == 5 && strcmp(argv[0], "zero") == 0 &&
			       strcmp(argv[2], "") == 0 &&
			       strcmp(argv[3], "a b") == 0 &&
			       strcmp(argv[4], "four") == 0 &&
			       argv[5] == NULL && environ[0] != NULL &&
			       strcmp(environ[0], "A=b") == 0 &&
			       environ[1] != NULL &&
			       strcmp(environ[1], "C=") == 0 &&
			       environ[2] == NULL
		       ? 42
		       : 1;
}

/* Of 50 and 51 only the latter may be open. */
static int
descriptors(int argc, char **argv)
{
	char c;

	(void)argc;
	(void)argv;
	if (read(50, &c, 1) != -1 || errno != EBADF)
		return 1;
	return read(51, &c, 1) == 0 ? 42 : 2;
}

/* Run by `#!… -one word` from a script: helper, that word, script, its word. */
static int
script(int argc, char **argv)
{
	return argc == 4 && strcmp(argv[3], "word") == 0 ? 42 : 1;
}

static int
ids(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return getuid() == 7 && geteuid() == 7 && getgid() == 8 &&
			       getegid() == 8
		       ? 42
		       : 1;
}

/* Of signals_images.c: what a new image is to find. */
static int
signals(int argc, char **argv)
{
	struct sigaction action;
	sigset_t mask, pending;
	stack_t stack;

	(void)argc;
	(void)argv;
	if (sigaction(SIGUSR1, NULL, &action) < 0 ||
	    action.sa_handler != SIG_DFL || action.sa_flags != 0)
		return 1;
	if (sigaction(SIGUSR2, NULL, &action) < 0 ||
	    action.sa_handler != SIG_IGN)
		return 2;
	if (sigprocmask(SIG_BLOCK, NULL, &mask) < 0 ||
	    !sigismember(&mask, SIGHUP) || !sigismember(&mask, SIGTERM) ||
	    sigismember(&mask, SIGUSR1))
		return 3;
	if (sigpending(&pending) < 0 || !sigismember(&pending, SIGTERM))
		return 4;
	if (sigaltstack(NULL, &stack) < 0 || stack.ss_flags != SS_DISABLE)
		return 5;
	return 42;
}

static int
wait_for_ever(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	while (pause() < 0)
		;
	return 1;
}

static int
nothing(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return 42;
}

int
main(int argc, char **argv)
{
	static const struct {
		const char *word;
		int (*run)(int argc, char **argv);
	} table[] = {
		{"words", words},	  {"descriptors", descriptors},
		{"-one two", script},	  {"ids", ids},
		{"nothing", nothing},	  {"signals", signals},
		{"pause", wait_for_ever},
	};

	for (size_t i = 0; argc > 1 && i < sizeof table / sizeof table[0]; i++)
		if (strcmp(argv[1], table[i].word) == 0)
			return table[i].run(argc, argv);
	return argc == 1 && argv[0][0] == '\0' ? 43 : 44;
}

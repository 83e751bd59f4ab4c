/*
 * Error lines, the exit status, options: see util.h.
 *
 * Programs print through stdio and look at util_printed where much is printed;
 * the rest is found by util_end.  Output that was lost is always said, once.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { UTIL_WRONG = 2 };

int util_status;
int util_trouble = UTIL_WRONG;
const char *util_name = "?";
const char *util_output = "stdout";

static const char *util_text = "";
static bool util_lost;

/* Descriptors 0 to 2 are open from here on, so that no file takes the place of
 * one.  What was closed can be neither read nor written still, and is closed
 * for a command. */
static void
util_open_stdio(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0)
			open("null:",
			     O_CLOEXEC | (fd == STDIN_FILENO ? O_WRONLY
							     : O_RDONLY));
}

void
util_start(const char *name, const char *usage)
{
	util_open_stdio();
	util_name = name;
	util_text = usage;
	optind = 1;
}

/* Takes argv[from] out of its place and puts it before the operands. */
static char *
util_pull(char **argv, int from)
{
	char *argument = argv[from];

	for (; from > optind; from--)
		argv[from] = argv[from - 1];
	argv[optind++] = argument;
	return argument;
}

/* Where the next argument that is an option stands; 0: there is none. */
static int
util_find(char **argv, bool in_order)
{
	int at;

	for (at = optind; argv[at] != NULL; at++) {
		if (argv[at][0] == '-' && argv[at][1] != '\0')
			return at;
		if (in_order)
			break;
	}
	return 0;
}

static _Noreturn void
util_help(const char *argument)
{
	if (strcmp(argument, "--help") != 0) {
		util_say("unknown option %s", argument);
		util_usage();
	}
	fputs(util_text, stdout);
	exit(util_end());
}

int
util_option(char **argv, const char *options)
{
	static char none[1], *rest = none;
	static int after;
	const char *known;

	if (*rest == '\0') {
		after = util_find(argv, *options == '+');
		if (after == 0)
			return -1;
		rest = util_pull(argv, after++) + 1;
		if (strcmp(rest, "-") == 0)
			return -1;
		if (*rest == '-')
			util_help(rest - 1);
	}
	optopt = (unsigned char)*rest++;
	known = optopt == ':' || optopt == '+' ? NULL : strchr(options, optopt);
	if (known == NULL) {
		util_say("unknown option -%c", optopt);
		util_usage();
	}
	if (known[1] != ':')
		return optopt;
	optarg = NULL;
	if (*rest != '\0')
		optarg = rest;
	else if (argv[after] != NULL)
		optarg = util_pull(argv, after);
	if (optarg == NULL) {
		util_say("option -%c needs a value", optopt);
		util_usage();
	}
	rest = none;
	return optopt;
}

void
util_usage(void)
{
	const char *end = strchr(util_text, '\n');

	while (end != NULL && end[1] == '\t')
		end = strchr(end + 1, '\n');
	fflush(stdout);
	fprintf(stderr, "%.*s\n",
		end != NULL ? (int)(end - util_text) : (int)strlen(util_text),
		util_text);
	exit(util_trouble > UTIL_WRONG ? util_trouble : UTIL_WRONG);
}

static void
util_line(const char *format, va_list list, int error)
{
	fflush(stdout);
	fprintf(stderr, "%s: ", util_name);
	vfprintf(stderr, format, list);
	if (error != 0)
		fprintf(stderr, ": %s", strerror(error));
	fputc('\n', stderr);
	if (util_status == 0)
		util_status = 1;
}

void
util_say(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	util_line(format, list, 0);
	va_end(list);
}

static void
util_say_error(int error, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	util_line(format, list, error);
	va_end(list);
}

void
util_fail(const char *what)
{
	util_say_error(errno, "%s", what);
}

void
util_die(const char *format, ...)
{
	va_list list;

	va_start(list, format);
	util_line(format, list, 0);
	va_end(list);
	exit(util_trouble);
}

void
util_die_of(const char *what)
{
	util_fail(what);
	exit(util_trouble);
}

bool
util_printed(void)
{
	if (!ferror(stdout))
		return true;
	if (!util_lost)
		util_fail(util_output);
	util_lost = true;
	return false;
}

int
util_end(void)
{
	if (util_printed() && fflush(stdout) != 0)
		util_printed();
	return util_status;
}

void *
util_alloc(size_t size)
{
	return util_grow(NULL, size);
}

void *
util_grow(void *old, size_t size)
{
	void *memory = realloc(old, size > 0 ? size : 1);

	if (memory == NULL)
		util_die_of("memory");
	return memory;
}

char *
util_copy(const char *text)
{
	size_t size = strlen(text) + 1;

	return memcpy(util_alloc(size), text, size);
}

long long
util_number(const char *text, long long min, long long max, const char *what)
{
	char *end;
	long long number;

	errno = 0;
	number = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || number < min ||
	    number > max)
		util_die("%s: not a %s", text, what);
	return number;
}

bool
util_confirm(const char *format, ...)
{
	va_list list;
	int first, c;

	va_start(list, format);
	fflush(stdout);
	fprintf(stderr, "%s: ", util_name);
	vfprintf(stderr, format, list);
	fflush(stderr);
	va_end(list);
	for (first = c = getchar(); c != '\n' && c != EOF;)
		c = getchar();
	return first == 'y' || first == 'Y';
}

int
util_write(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size > 0) {
		ssize_t put = write(fd, at, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return -1;
		at += put;
		size -= (size_t)put;
	}
	return 0;
}

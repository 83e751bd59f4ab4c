/*
 * What the small programs have in common: error lines, the exit status, options
 * and --help.
 *
 *	int
 *	main(int argc, char **argv)
 *	{
 *		util_start("name", "usage: name [-ab] FILE...\n"
 *				   "Says in a line what it does.\n"
 *				   "  -a  ...\n");
 *		while ((c = util_option(argv, "ab")) >= 0) ...
 *		for (; argv[optind] != NULL; optind++)
 *			if (name_do(argv[optind]) < 0)
 *				util_fail(argv[optind]);
 *		return util_end();
 *	}
 *
 * Error lines are `NAME: PATH: REASON`.  Whatever failed, the rest is done, and
 * the status is 1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* The status to exit with; util_fail and util_say make it at least 1. */
extern int util_status;
/* The status of util_die: 2 unless changed; of a wrong option and util_usage
 * too, but at least 2. */
extern int util_trouble;
/* How error lines begin. */
extern const char *util_name;
/* What stdout is called in them: a file, if it has become one (freopen). */
extern const char *util_output;

/* First of all; opens what is closed of 0 to 2, for nothing.  usage: what
 * --help prints, begins with the usage line, in which further lines may begin
 * with a tab; both strings are kept. */
void util_start(const char *name, const char *usage);

/*
 * The next option of argv, or -1: then argv[optind] is the first operand.  As
 * getopt has it, `options` are letters, one with a ':' after it has a value,
 * which is in optarg.  Options may come after operands, unless `options` begins
 * with '+'.  --help is answered; a wrong option ends the program.
 */
int util_option(char **argv, const char *options);

/* Prints the usage line to stderr, ends with util_trouble. */
_Noreturn void util_usage(void);

/* `NAME: what: reason of errno` on stderr. */
void util_fail(const char *what);

/* `NAME: text` on stderr. */
void util_say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* The same, and ends with util_trouble. */
_Noreturn void util_die(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Says that `what` failed by errno and ends with util_trouble. */
_Noreturn void util_die_of(const char *what);

/* After what was printed: true unless it could not be written.  That has been
 * said then; a long loop had better end. */
bool util_printed(void);

/* Writes all of stdout out.  Returns the exit status. */
int util_end(void);

/* Memory, or the end of the program. */
void *util_alloc(size_t size);
void *util_grow(void *old, size_t size);
char *util_copy(const char *text);

/* A whole decimal number from min to max, or util_die. what: for the message.
 */
long long util_number(const char *text, long long min, long long max,
		      const char *what);

/* Asks on stderr, true if the line read from stdin begins with y or Y. */
bool util_confirm(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* 0, or -1 with errno. */
int util_write(int fd, const void *data, size_t size);

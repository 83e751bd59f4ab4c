/*
 * xargs [-0rt] [-n N | -L N | -I WORD] [-s N] [COMMAND [ARGUMENT]...]: runs a
 * command with words from the input as further arguments.
 *
 * Words are gathered until a command's line is full by number, lines or bytes;
 * then it is run, and waited for.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char xargs_usage[] =
	"usage: xargs [-0rt] [-n N | -L N | -I WORD] [-s N]\n"
	"\t[COMMAND [ARGUMENT]...]\n"
	"Runs COMMAND (echo) with the words of the input as more arguments.\n"
	"  -0       a NUL ends each, nothing is special; else blanks and\n"
	"           newlines do, and ' \" \\ quote\n"
	"  -n N     at most N words for each command\n"
	"  -L N     the words of at most N lines\n"
	"  -I WORD  a line for each command, put in the place of each WORD\n"
	"  -s N     at most N bytes: command, words, a NUL behind each\n"
	"  -r       no words, no command\n"
	"  -t       prints each command to stderr first\n"
	"Status: 123 a command failed, 124 it ended with 255, 125 a signal\n"
	"ended it, 126 it cannot be run, 127 it is not there.\n";

enum {
	XARGS_BYTES = 128 * 1024,
	XARGS_FAILED = 123,
	XARGS_ABORTED = 124,
	XARGS_KILLED = 125,
};

static bool xargs_nul, xargs_quiet, xargs_tells;
static long long xargs_words, xargs_lines, xargs_bytes = XARGS_BYTES;
static const char *xargs_place;

/* The command and the words that wait for it. */
static char **xargs_line;
static size_t xargs_fixed, xargs_count, xargs_room, xargs_size;
static size_t xargs_fixed_size;
static size_t xargs_most; /* what exec takes, beside the environment */

/* ---- running ---- */

static void
xargs_tell(char **words)
{
	for (; *words != NULL; words++)
		fprintf(stderr, "%s%c", *words, words[1] != NULL ? ' ' : '\n');
}

static _Noreturn void
xargs_exec(char **words)
{
	int fd = open("/dev/null", O_RDONLY), error;

	if (fd >= 0 && fd != STDIN_FILENO) {
		dup2(fd, STDIN_FILENO);
		close(fd);
	}
	execvp(words[0], words);
	error = errno;
	util_fail(words[0]);
	_exit(error == ENOENT ? 127 : 126);
}

/* Ends xargs if no further command makes sense. */
static void
xargs_judge(const char *name, int status)
{
	int code = WEXITSTATUS(status);

	if (WIFSIGNALED(status)) {
		util_say("%s: ended by signal %d", name, WTERMSIG(status));
		exit(XARGS_KILLED);
	}
	if (code == 255) {
		util_say("%s: exited with status 255", name);
		exit(XARGS_ABORTED);
	}
	if (code == 126 || code == 127)
		exit(code);
	if (code != 0)
		util_status = XARGS_FAILED;
}

static void
xargs_run(char **words)
{
	int status = 0;
	pid_t pid;

	if (xargs_tells)
		xargs_tell(words);
	pid = fork();
	if (pid == 0)
		xargs_exec(words);
	if (pid < 0)
		util_die_of("fork");
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			util_die_of("wait");
	xargs_judge(words[0], status);
}

static void
xargs_flush(void)
{
	size_t i;

	xargs_line[xargs_count] = NULL;
	xargs_run(xargs_line);
	for (i = xargs_fixed; i < xargs_count; i++)
		free(xargs_line[i]);
	xargs_count = xargs_fixed;
	xargs_size = xargs_fixed_size;
}

static void
xargs_push(char *word)
{
	if (xargs_count + 1 >= xargs_room) {
		xargs_room = xargs_room * 2 + 16;
		xargs_line =
			util_grow(xargs_line, xargs_room * sizeof *xargs_line);
	}
	xargs_line[xargs_count++] = word;
	xargs_size += strlen(word) + 1;
}

/* -s counts the words with their NULs; the kernel counts the pointers too. */
static bool
xargs_fits(const char *word)
{
	size_t size = xargs_size + strlen(word) + 1;

	return size <= (size_t)xargs_bytes &&
	       size + (xargs_count + 1) * sizeof word <= xargs_most;
}

static void
xargs_add(const char *word)
{
	if (!xargs_fits(word) && xargs_count > xargs_fixed)
		xargs_flush();
	if (!xargs_fits(word))
		util_die("an argument is too long");
	xargs_push(util_copy(word));
	if (xargs_words > 0 && xargs_count - xargs_fixed == (size_t)xargs_words)
		xargs_flush();
}

/* A command's word with each -I word in it replaced. */
static char *
xargs_replace(const char *word, const char *by)
{
	size_t place = strlen(xargs_place), size = strlen(word) + 1;
	const char *at, *next;
	char *made, *to;

	for (at = word; (at = strstr(at, xargs_place)) != NULL; at += place)
		size += strlen(by);
	made = to = util_alloc(size);
	for (at = word; (next = strstr(at, xargs_place)) != NULL;
	     at = next + place) {
		memcpy(to, at, (size_t)(next - at));
		to = stpcpy(to + (next - at), by);
	}
	strcpy(to, at);
	return made;
}

static void
xargs_run_replaced(const char *by)
{
	char **words = util_alloc((xargs_fixed + 1) * sizeof *words);
	size_t i;

	for (i = 0; i < xargs_fixed; i++)
		words[i] = xargs_replace(xargs_line[i], by);
	words[xargs_fixed] = NULL;
	xargs_run(words);
	for (i = 0; i < xargs_fixed; i++)
		free(words[i]);
	free(words);
}

/* ---- words ---- */

struct xargs_word {
	char *text;
	size_t size, room;
	bool any; /* quotes make an empty word too */
};

static void
xargs_put(struct xargs_word *word, int c)
{
	if (word->size + 1 >= word->room) {
		word->room = word->room * 2 + 64;
		word->text = util_grow(word->text, word->room);
	}
	word->text[word->size++] = (char)c;
	word->any = true;
}

/* Up to the quote's end. */
static void
xargs_quoted(struct xargs_word *word, int quote)
{
	int c;

	word->any = true;
	while ((c = getchar()) != quote) {
		if (c == '\n' || c == EOF)
			util_die("a %s is not closed",
				 quote == '"' ? "double quote" : "quote");
		xargs_put(word, c);
	}
}

/* What ended the word: a blank, a newline, NUL or EOF. */
static int
xargs_read(struct xargs_word *word)
{
	int c;

	word->size = 0;
	word->any = false;
	while ((c = getchar()) != EOF) {
		if (xargs_nul) {
			if (c == '\0')
				break;
		} else if (c == '\n' ||
			   (xargs_place == NULL && (c == ' ' || c == '\t'))) {
			break;
		} else if (c == '"' || c == '\'') {
			xargs_quoted(word, c);
			continue;
		} else if (c == '\\') {
			c = getchar();
			if (c == EOF)
				break;
		} else if (!word->any && (c == ' ' || c == '\t')) {
			continue;
		}
		xargs_put(word, c);
	}
	if (xargs_nul && c == '\0')
		word->any = true;
	return c;
}

/* The line goes on behind a blank at its end. */
static void
xargs_gather(void)
{
	struct xargs_word word = {0};
	long long lines = 0;
	bool blank = false, in_line = false, any = false;
	int end;

	do {
		end = xargs_read(&word);
		if (word.any) {
			xargs_put(&word, '\0');
			if (xargs_place != NULL)
				xargs_run_replaced(word.text);
			else
				xargs_add(word.text);
			any = in_line = true;
			blank = false;
		}
		if (end == '\n' || end == '\0') {
			lines += in_line && !blank;
			in_line &= blank;
		} else {
			blank = true;
		}
		if (xargs_lines > 0 && lines == xargs_lines) {
			xargs_flush();
			lines = 0;
		}
	} while (end != EOF);
	if (ferror(stdin))
		util_fail("stdin");
	if (xargs_count > xargs_fixed ||
	    (!any && !xargs_quiet && xargs_place == NULL))
		xargs_flush();
	free(word.text);
}

static size_t
xargs_room_beside_environment(void)
{
	/* As POSIX has it; an interpreter's name may come to the words. */
	size_t size = 2048;
	char **at;

	for (at = environ; *at != NULL; at++)
		size += strlen(*at) + 1 + sizeof *at;
	return size < ARG_MAX ? ARG_MAX - size : 0;
}

int
main(int argc, char **argv)
{
	static char echo[] = "echo";
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("xargs", xargs_usage);
	while ((c = util_option(argv, "+0rtn:L:I:s:")) >= 0) {
		xargs_nul |= c == '0';
		xargs_quiet |= c == 'r';
		xargs_tells |= c == 't';
		if (c == 'I')
			xargs_place = optarg;
		else if (c == 'n')
			xargs_words = util_number(optarg, 1, 1 << 30, "number");
		else if (c == 'L')
			xargs_lines = util_number(optarg, 1, 1 << 30, "number");
		else if (c == 's')
			xargs_bytes = util_number(optarg, 1, XARGS_BYTES,
						  "number of bytes");
	}
	if (xargs_place != NULL && *xargs_place == '\0')
		util_die("-I: an empty word");
	if (argv[optind] == NULL)
		xargs_push(echo);
	for (; argv[optind] != NULL; optind++)
		xargs_push(argv[optind]);
	xargs_most = xargs_room_beside_environment();
	xargs_fixed = xargs_count;
	xargs_fixed_size = xargs_size;
	xargs_gather();
	return util_status;
}

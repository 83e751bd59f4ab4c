/*
 * xargs [-0prtx] [-E EOF] [-I WORD | -L N | -n N] [-s SIZE] [COMMAND [ARG]...]:
 * words of the input become arguments.
 */
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char xargs_usage[] =
	"usage: xargs [-0rtx] [-E WORD] [-I WORD | -L N | -n N] [-s SIZE]\n"
	"\t[COMMAND [ARG]...]\n"
	"Runs COMMAND (echo) with the words of the input as arguments.\n"
	"  -0       words end with a NUL, quotes mean nothing\n"
	"  -I WORD  once a line, which takes the place of WORD\n"
	"  -L N     of N lines at a time\n"
	"  -n N     N words at a time\n"
	"  -s SIZE  no more bytes than that in a command\n"
	"  -E WORD  is the end of the input\n"
	"  -r       not at all without words\n"
	"  -t       prints each command on stderr\n"
	"  -x       ends if a command would be too long\n"
	"Status: 123: a command failed; 124: one ended with 255; 125: one was\n"
	"killed; 126, 127 as in sh.\n";

#define XARGS_SIZE 131072

static struct {
	bool nul, not_empty, tell, strict;
	const char *replace, *eof;
	long lines, words;
	size_t size;
} xargs = {.size = XARGS_SIZE};

static char **words; /* the command, then what was read */
static size_t count, fixed, room, bytes;

static int worst;

static void
add(char *word)
{
	if (count + 1 >= room) {
		room = room ? room * 2 : 64;
		words = util_grow(words, room * sizeof *words);
	}
	words[count++] = word;
	words[count] = NULL;
	bytes += strlen(word) + 1;
}

static void
tell(char **command)
{
	fprintf(stderr, "%s", *command);
	while (*++command != NULL)
		fprintf(stderr, " %s", *command);
	fputc('\n', stderr);
}

static _Noreturn void
child(char **command)
{
	int null = open("/dev/null", O_RDONLY);

	if (null > 0) {
		dup2(null, STDIN_FILENO);
		close(null);
	}
	execvp(*command, command);
	util_trouble = errno == ENOENT ? 127 : 126;
	util_die_of(*command);
}

/* How a command ended decides whether there are more. */
static void
judge(const char *name, int status)
{
	if (WIFSIGNALED(status)) {
		util_say("%s: ended by signal %d", name, WTERMSIG(status));
		exit(125);
	}
	if (WEXITSTATUS(status) == 255) {
		util_say("%s: ended with status 255", name);
		exit(124);
	}
	if (WEXITSTATUS(status) == 126 || WEXITSTATUS(status) == 127)
		exit(WEXITSTATUS(status));
	if (WEXITSTATUS(status) != 0)
		worst = 123;
}

static void
run(char **command)
{
	int status = 0;
	pid_t pid;

	if (xargs.tell)
		tell(command);
	pid = fork();
	if (pid < 0)
		util_die_of("fork");
	if (pid == 0)
		child(command);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		continue;
	judge(*command, status);
}

static void
run_words(void)
{
	run(words);
	while (count > fixed) {
		bytes -= strlen(words[--count]) + 1;
		free(words[count]);
		words[count] = NULL;
	}
}

/* `text` with `by` for each `word`. */
static char *
replaced(const char *text, const char *word, const char *by)
{
	size_t length = strlen(word), used = 0, grown = strlen(text) + 1;
	char *result = util_alloc(grown);
	const char *at;

	while ((at = strstr(text, word)) != NULL && length > 0) {
		size_t head = (size_t)(at - text);

		grown += strlen(by);
		result = util_grow(result, grown);
		memcpy(result + used, text, head);
		memcpy(result + used + head, by, strlen(by));
		used += head + strlen(by);
		text = at + length;
	}
	memcpy(result + used, text, strlen(text) + 1);
	return result;
}

static void
run_replaced(const char *line)
{
	char **command = util_alloc((count + 1) * sizeof *command);
	size_t i;

	for (i = 0; i < count; i++)
		command[i] = replaced(words[i], xargs.replace, line);
	command[count] = NULL;
	run(command);
	for (i = 0; i < count; i++)
		free(command[i]);
	free(command);
}

/* ---- the input ---- */

enum end { END_WORD, END_LINE, END_INPUT };

static char *word;
static size_t word_used, word_room;

static void
put(int c)
{
	if (word_used + 1 >= word_room) {
		word_room = word_room ? word_room * 2 : 256;
		word = util_grow(word, word_room);
	}
	word[word_used++] = (char)c;
	word[word_used] = '\0';
}

static void
quoted(int quote)
{
	int c;

	while ((c = getchar()) != quote) {
		if (c == EOF || c == '\n')
			util_die("a %s quote has no end",
				 quote == '"' ? "double" : "single");
		put(c);
	}
}

static bool
ends_word(int c)
{
	if (c == '\n')
		return true;
	return xargs.replace == NULL && (c == ' ' || c == '\t');
}

/* The next word; *any: there is one, perhaps an empty one in quotes. */
static enum end
read_word(bool *any)
{
	int c;

	word_used = 0;
	*any = false;
	while ((c = getchar()) == ' ' || c == '\t')
		continue;
	for (; c != EOF && !ends_word(c); c = getchar()) {
		*any = true;
		if (c == '"' || c == '\'')
			quoted(c);
		else if (c != '\\')
			put(c);
		else if ((c = getchar()) != EOF)
			put(c);
	}
	if (*any && word_used == 0)
		put('\0'), word_used = 0;
	if (c == EOF)
		return END_INPUT;
	return c == '\n' ? END_LINE : END_WORD;
}

static enum end
read_nul(bool *any)
{
	int c;

	word_used = 0;
	*any = false;
	while ((c = getchar()) != EOF && c != '\0') {
		*any = true;
		put(c);
	}
	if (c == '\0' && !*any) {
		put('\0');
		*any = true;
	}
	return c == EOF ? END_INPUT : END_LINE;
}

/* Room for one more word, or the command runs first. */
static void
make_room(bool *ran)
{
	if (bytes + strlen(word) + 1 <= xargs.size)
		return;
	if (count == fixed || xargs.strict)
		util_die("an argument is too long");
	run_words();
	*ran = true;
}

static void
each_word(void)
{
	long lines = 0;
	bool any, ran = false, line_any = false;
	enum end end;

	do {
		end = xargs.nul ? read_nul(&any) : read_word(&any);
		if (any && xargs.eof != NULL && strcmp(word, xargs.eof) == 0)
			break;
		if (any && xargs.replace != NULL) {
			run_replaced(word);
			continue;
		}
		if (any) {
			make_room(&ran);
			add(util_copy(word));
			line_any = true;
		}
		if (end != END_WORD && line_any) {
			lines++;
			line_any = false;
		}
		if (count > fixed &&
		    ((xargs.words && (long)(count - fixed) == xargs.words) ||
		     (xargs.lines && lines == xargs.lines))) {
			run_words();
			lines = 0;
			ran = true;
		}
	} while (end != END_INPUT);
	if (xargs.replace == NULL &&
	    (count > fixed || (!ran && !xargs.not_empty)))
		run_words();
}

static void
option(int c)
{
	switch (c) {
	case '0':
		xargs.nul = true;
		break;
	case 'r':
		xargs.not_empty = true;
		break;
	case 't':
		xargs.tell = true;
		break;
	case 'x':
		xargs.strict = true;
		break;
	case 'E':
		xargs.eof = *optarg == '\0' ? NULL : optarg;
		break;
	case 'I':
		xargs.replace = optarg;
		break;
	case 'L':
		xargs.lines = (long)util_number(optarg, 1, 1 << 30, "lines");
		break;
	case 'n':
		xargs.words = (long)util_number(optarg, 1, 1 << 30, "words");
		break;
	default:
		xargs.size = (size_t)util_number(optarg, 1, XARGS_SIZE, "size");
		break;
	}
}

int
main(int argc, char **argv)
{
	static char echo[] = "echo";
	int c;

	(void)argc;
	util_start("xargs", xargs_usage);
	util_trouble = 1;
	while ((c = util_option(argv, "+0rtxE:I:L:n:s:")) >= 0)
		option(c);
	if (argv[optind] == NULL)
		add(echo);
	for (; argv[optind] != NULL; optind++)
		add(argv[optind]);
	fixed = count;
	each_word();
	if (ferror(stdin))
		util_die_of("standard input");
	return worst;
}

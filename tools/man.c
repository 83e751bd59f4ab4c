/*
 * man [-k] [SECTION] PAGE...: shows manual pages.
 *
 * The build has rendered them into /share/man; they are shown by less, or, if
 * the output is no terminal, printed without what was struck over.
 */
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char man_usage[] =
	"usage: man [SECTION] PAGE...\n"
	"\tman -k [WORD]...\n"
	"Shows pages of the manual: 1 programs, 2 system calls, 3 functions,\n"
	"4 schemes and their files.\n"
	"  -k  the pages whose title has the words; of no words, all pages\n";

#define MAN_FOLDER "/share/man"

enum { MAN_FIRST = 1, MAN_LAST = 9, MAN_COLUMNS = 79 };

/* The page's file, or NULL.  section: 0 is any. */
static char *
man_find(const char *page, int section)
{
	size_t room = strlen(page) + 64;
	char *path = util_alloc(room);
	int i;

	for (i = MAN_FIRST; i <= MAN_LAST; i++) {
		snprintf(path, room, MAN_FOLDER "/man%d/%s.%d", i, page, i);
		if ((section == 0 || section == i) && access(path, R_OK) == 0)
			return path;
	}
	free(path);
	return NULL;
}

/* Without overstrikes. */
static void
man_print(const char *path)
{
	struct text t;
	size_t i;

	if (!text_open(&t, path))
		return;
	while (util_printed() && text_line(&t)) {
		for (i = 0; i < t.length; i++)
			if (i + 1 < t.length && t.line[i + 1] == '\b')
				i++;
			else
				putchar(t.line[i]);
		putchar('\n');
	}
	text_close(&t);
}

static bool
man_has(const char *line, const char *word)
{
	size_t size = strlen(word);

	for (; *line != '\0'; line++)
		if (strncasecmp(line, word, size) == 0)
			return true;
	return size == 0;
}

/* A line of the index, `a, b, c(1) - about`: at least one name, and as many
 * more as leave it one line of the screen. */
static void
man_print_title(const char *line)
{
	size_t names = strcspn(line, "("), size = names, next;
	size_t rest = strlen(line + names) + strlen(", ...");

	if (strlen(line) > MAN_COLUMNS) {
		size = strcspn(line, ",(");
		for (next = size; next < names && next + rest <= MAN_COLUMNS;
		     next += 1 + strcspn(line + next + 1, ",("))
			size = next;
	}
	printf("%.*s%s%s\n", (int)size, line, size < names ? ", ..." : "",
	       line + names);
}

/* -k: lines of the index that have one of the words. */
static int
man_search(char **words)
{
	bool found = false, wanted;
	struct text t;
	char **word;

	if (!text_open(&t, MAN_FOLDER "/index"))
		return 1;
	while (util_printed() && text_line(&t)) {
		wanted = *words == NULL;
		for (word = words; *word != NULL; word++)
			wanted |= man_has(t.line, *word);
		if (wanted)
			man_print_title(t.line);
		found |= wanted;
	}
	text_close(&t);
	if (!found)
		util_say("nothing about %s", *words);
	return util_end();
}

static int
man_show(char **paths, int count)
{
	static char less[] = "less";
	char **words = util_alloc((size_t)(count + 2) * sizeof *words);
	int i;

	if (!isatty(STDOUT_FILENO)) {
		for (i = 0; i < count; i++)
			man_print(paths[i]);
		return util_end();
	}
	words[0] = less;
	memcpy(words + 1, paths, (size_t)count * sizeof *words);
	words[count + 1] = NULL;
	execvp(less, words);
	util_fail(less);
	return errno == ENOENT ? 127 : 126;
}

int
main(int argc, char **argv)
{
	int section = 0, count = 0, status;
	bool search = false;
	char **paths;

	util_trouble = 1;
	util_start("man", man_usage);
	while (util_option(argv, "k") >= 0)
		search = true;
	argv += optind;
	if (search)
		return man_search(argv);
	if (*argv != NULL && isdigit((unsigned char)(*argv)[0]) &&
	    (*argv)[1] == '\0' && argv[1] != NULL)
		section = *(*argv++) - '0';
	if (*argv == NULL)
		util_usage();
	paths = util_alloc((size_t)argc * sizeof *paths);
	for (; *argv != NULL; argv++) {
		paths[count] = man_find(*argv, section);
		if (paths[count] != NULL)
			count++;
		else
			util_say("%s: no such page%s", *argv,
				 section > 0 ? " in this section" : "");
	}
	if (count == 0)
		return util_status;
	status = man_show(paths, count);
	return status > util_status ? status : util_status;
}

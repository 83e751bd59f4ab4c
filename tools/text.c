/*
 * Files as lines: see text.h.
 */
#include "text.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool
text_open(struct text *t, const char *name)
{
	*t = (struct text){.file = stdin, .name = name};
	if (strcmp(name, "-") == 0)
		return true;
	t->file = fopen(name, "r");
	if (t->file == NULL)
		util_fail(name);
	return t->file != NULL;
}

bool
text_line_to(struct text *t, int end)
{
	ssize_t got = getdelim(&t->line, &t->room, end, t->file);

	if (got <= 0) {
		if (ferror(t->file))
			util_fail(t->name);
		else if (!feof(t->file))
			util_die_of("memory");
		return false;
	}
	t->ended = t->line[got - 1] == (char)end;
	t->length = (size_t)got - t->ended;
	t->line[t->length] = '\0';
	return true;
}

bool
text_line(struct text *t)
{
	return text_line_to(t, '\n');
}

void
text_close(struct text *t)
{
	if (t->file != stdin)
		fclose(t->file);
	free(t->line);
	t->line = NULL;
}

int
text_open_fd(const char *name)
{
	int fd = STDIN_FILENO;

	if (strcmp(name, "-") != 0)
		fd = open(name, O_RDONLY);
	if (fd < 0)
		util_fail(name);
	return fd;
}

void
text_close_fd(int fd)
{
	if (fd != STDIN_FILENO)
		close(fd);
}

ssize_t
text_read(int fd, void *data, size_t size, const char *name)
{
	ssize_t got;

	do
		got = read(fd, data, size);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		util_fail(name);
	return got;
}

void
text_each(char **argv, void (*each)(const char *name))
{
	if (*argv == NULL)
		each("-");
	for (; *argv != NULL; argv++)
		each(*argv);
}

void
text_put(const char *data, size_t size)
{
	if (size > 0)
		fwrite(data, 1, size, stdout);
}

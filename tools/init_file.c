/*
 * Small files, whole in memory: what a job consists of.
 *
 * Called by init_run.c.  A file that is not there is an empty answer, for its
 * reader to judge.
 */
#include "init.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
init_fill(struct init_text *text, int fd)
{
	size_t room = 4096;
	ssize_t got = 1;
	char *data;

	text->data = malloc(room);
	while (text->data != NULL && got > 0) {
		if (room - text->size < 2) {
			data = realloc(text->data, room *= 2);
			if (data == NULL)
				break;
			text->data = data;
		}
		got = read(fd, text->data + text->size, room - text->size - 1);
		if (got > 0)
			text->size += (size_t)got;
	}
	if (text->data == NULL || got != 0)
		return -1;
	text->data[text->size] = '\0';
	return 0;
}

struct init_text
init_load(const char *path)
{
	struct init_text text = {0};
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return text;
	if (init_fill(&text, fd) < 0) {
		free(text.data);
		text = (struct init_text){0};
	}
	close(fd);
	return text;
}

char **
init_strings(struct init_text text)
{
	size_t count = 0, at;
	char **vector;

	for (at = 0; at < text.size; at++)
		count += text.data[at] == '\0';
	if (text.data == NULL)
		return NULL;
	vector = calloc(count + 1, sizeof *vector);
	if (vector == NULL)
		return NULL;
	count = 0;
	for (at = 0; at < text.size; at += strlen(text.data + at) + 1)
		vector[count++] = text.data + at;
	return vector;
}

int
init_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC);

	if (fd < 0)
		fprintf(stderr, "init: %s: %s\n", path, strerror(errno));
	return fd;
}

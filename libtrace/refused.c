/*
 * Why the kernel refused: the sentence in the caller's own status, which knows
 * more than an errno.  Called by tracers that want to show it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

/* The value of the line that begins with key, in text, or NULL. */
static const char *
value_of(char *text, const char *key)
{
	size_t length = strlen(key);
	char *line = text, *rest;

	while ((rest = strchr(line, '\n')) != NULL) {
		*rest = '\0';
		if (strncmp(line, key, length) == 0)
			return line + length;
		line = rest + 1;
	}
	return NULL;
}

const char *
trace_refused(char *buffer, size_t size)
{
	char text[2048];
	int fd = open("proc:/self/status", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const char *said = NULL;

	if (fd >= 0)
		(void)close(fd);
	if (n > 0) {
		text[n] = '\0';
		said = value_of(text, "refused ");
	}
	if (size)
		(void)snprintf(buffer, size, "%s",
			       said && strcmp(said, "-") != 0 ? said : "");
	return size ? buffer : "";
}

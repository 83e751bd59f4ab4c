/*
 * What a process says of itself, in proc:/PID/status and args.
 */
#include "ps.h"
#include "util.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* All of a file, or NULL: the process is gone, or it may not be read. */
static char *
ps_read(long pid, const char *name)
{
	char path[64], *text;
	size_t size;
	FILE *file;

	snprintf(path, sizeof path, "proc:/%ld/%s", pid, name);
	file = fopen(path, "r");
	if (file == NULL)
		return NULL;
	text = util_alloc(65536);
	size = fread(text, 1, 65535, file);
	text[size] = '\0';
	if (ferror(file)) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

static void
ps_take_apart(struct ps_process *p)
{
	char *line = p->status, *end, *blank;

	for (; *line != '\0' && p->count < PS_KEYS; line = end + 1) {
		end = strchr(line, '\n');
		if (end == NULL)
			break;
		*end = '\0';
		blank = strchr(line, ' ');
		if (blank == NULL)
			continue;
		*blank = '\0';
		p->keys[p->count].key = line;
		p->keys[p->count++].value = blank + 1;
	}
}

static int
ps_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
		c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* The arguments in a line, %XX made the byte; what would move the cursor is a
 * question mark. */
static void
ps_join(char *args)
{
	char *from = args, *to = args;
	size_t length = strlen(args);

	if (length > 0 && args[length - 1] == '\n')
		args[length - 1] = '\0';
	for (; *from != '\0'; from++, to++) {
		*to = *from == '\n' ? ' ' : *from;
		if (*from == '%' && ps_digit(from[1]) >= 0 &&
		    ps_digit(from[2]) >= 0) {
			*to = (char)(ps_digit(from[1]) * 16 +
				     ps_digit(from[2]));
			from += 2;
		}
		if (iscntrl((unsigned char)*to))
			*to = '?';
	}
	*to = '\0';
}

bool
ps_get(struct ps_process *p, long pid)
{
	*p = (struct ps_process){.pid = pid};
	p->status = ps_read(pid, "status");
	if (p->status == NULL)
		return false;
	ps_take_apart(p);
	p->args = ps_read(pid, "args");
	if (p->args != NULL)
		ps_join(p->args);
	return true;
}

const char *
ps_value(const struct ps_process *p, const char *key)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (strcmp(p->keys[i].key, key) == 0)
			return p->keys[i].value;
	return "-";
}

long
ps_effective(const struct ps_process *p, const char *key)
{
	char *end;

	strtol(ps_value(p, key), &end, 10);
	return strtol(end, NULL, 10);
}

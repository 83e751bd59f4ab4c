/*
 * Scripts: a file that begins with `#!` names the program that reads it, and
 * one word for it.  Called by exec_load.c; run on the host by its unit tests.
 *
 * One level: an interpreter is a program, never a script.
 */
#include "exec.h"

#include <stdbool.h>
#include "abi/errno.h"
#include "heap.h"
#include "text.h"

static bool
script_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* The line behind `#!`, without blanks around it: its length, -ENOEXEC if it
 * does not end within the head or holds a NUL. */
static int
script_line(const char *head, size_t size, const char **line)
{
	const char *end = memchr(head, '\n', size);

	if (!end && size >= EXEC_HEAD_SIZE)
		return -ENOEXEC;
	if (!end)
		end = head + size;
	head += 2;
	if (memchr(head, '\0', (size_t)(end - head)))
		return -ENOEXEC;
	while (head < end && script_blank(*head))
		head++;
	while (head < end && script_blank(end[-1]))
		end--;
	*line = head;
	return (int)(end - head);
}

int
exec_script_parse(const char *head, size_t size, struct exec_script *script)
{
	const char *line;
	int length, word = 0;

	if (size > EXEC_HEAD_SIZE)
		size = EXEC_HEAD_SIZE;
	if (size < 2 || head[0] != '#' || head[1] != '!')
		return 0;
	length = script_line(head, size, &line);
	if (length < 0)
		return length;
	while (word < length && !script_blank(line[word]))
		word++;
	if (!word || word > EXEC_INTERP_MAX)
		return -ENOEXEC;
	memset(script, 0, sizeof(*script));
	memcpy(script->interp, line, (size_t)word);
	while (word < length && script_blank(line[word]))
		word++;
	memcpy(script->word, line + word, (size_t)(length - word));
	return 1;
}

static void
script_append(struct exec_strings *strings, const char *bytes, size_t size)
{
	memcpy(strings->bytes + strings->size, bytes, size);
	strings->size += size;
}

int
exec_script_strings(const struct exec_script *script, const char *path,
		    const struct exec_strings *strings,
		    struct exec_strings *result)
{
	size_t skipped = exec_strings_length(strings, strings->argc ? 1 : 0);
	size_t word = script->word[0] ? strlen(script->word) + 1 : 0;
	size_t rest = strings->size - skipped;

	*result = (struct exec_strings){
		.size = strlen(script->interp) + 1 + word + strlen(path) + 1 +
			rest,
		.argc = strings->argc + (word ? 2 : 1) +
			(strings->argc ? 0 : 1),
		.envc = strings->envc,
	};
	if (!exec_strings_fit(result))
		return -E2BIG;
	result->bytes = heap_alloc(result->size);
	if (!result->bytes)
		return -ENOMEM;
	result->size = 0;
	script_append(result, script->interp, strlen(script->interp) + 1);
	script_append(result, script->word, word);
	script_append(result, path, strlen(path) + 1);
	if (rest)
		script_append(result, strings->bytes + skipped, rest);
	return 0;
}

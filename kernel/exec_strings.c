/*
 * The strings of a new image, brought in from the caller's memory.  Called by
 * sys_execve and by whoever else starts programs.
 *
 * The limit (KARG_MAX) counts what the new stack will hold: the strings, their
 * NULs, and eight bytes for each pointer.
 */
#include "exec.h"

#include <stdbool.h>
#include "abi/errno.h"
#include "heap.h"
#include "text.h"
#include "usercopy.h"

#define FIRST_ROOM 4096u

size_t
exec_strings_length(const struct exec_strings *strings, uint32_t count)
{
	size_t length = 0;

	while (count--)
		length += strlen(strings->bytes + length) + 1;
	return length;
}

bool
exec_strings_fit(const struct exec_strings *strings)
{
	uint64_t pointers = (uint64_t)strings->argc + strings->envc;

	return strings->size + pointers * sizeof(uint64_t) <= KARG_MAX;
}

void
exec_strings_free(struct exec_strings *strings)
{
	heap_free(strings->bytes);
	*strings = (struct exec_strings){0};
}

static int
strings_grow(struct exec_strings *strings, size_t *room)
{
	size_t more = *room ? *room * 2 : FIRST_ROOM;
	char *bytes;

	if (*room >= KARG_MAX)
		return -E2BIG;
	bytes = heap_alloc(more);
	if (!bytes)
		return -ENOMEM;
	if (strings->size)
		memcpy(bytes, strings->bytes, strings->size);
	heap_free(strings->bytes);
	strings->bytes = bytes;
	*room = more;
	return 0;
}

static int
strings_add(struct exec_strings *strings, size_t *room, uint64_t from)
{
	for (;;) {
		size_t left = *room - strings->size;
		int64_t length = -E2BIG;
		int error;

		if (left)
			length = copy_text_from_user(strings->bytes +
							     strings->size,
						     from, left, -E2BIG);
		if (length >= 0) {
			strings->size += (size_t)length + 1;
			return 0;
		}
		error = length == -E2BIG ? strings_grow(strings, room)
					 : (int)length;
		if (error)
			return error;
	}
}

/* A vector of the user's; a null one is empty. */
static int
strings_add_vector(struct exec_strings *strings, size_t *room, uint64_t vector,
		   uint32_t *count)
{
	for (; vector; vector += sizeof(uint64_t)) {
		uint64_t from;
		int error = copy_from_user(&from, vector, sizeof(from));

		if (error || !from)
			return error;
		error = strings_add(strings, room, from);
		if (error)
			return error;
		++*count;
		if (!exec_strings_fit(strings))
			return -E2BIG;
	}
	return 0;
}

/* A program may count on argv[0]. */
static int
strings_add_first(struct exec_strings *strings, size_t *room)
{
	int error = strings_grow(strings, room);

	if (error)
		return error;
	strings->bytes[strings->size++] = '\0';
	strings->argc = 1;
	return 0;
}

int
exec_strings_from_user(uint64_t argv, uint64_t envp,
		       struct exec_strings *strings)
{
	size_t room = 0;
	int error;

	*strings = (struct exec_strings){0};
	error = strings_add_vector(strings, &room, argv, &strings->argc);
	if (!error && !strings->argc)
		error = strings_add_first(strings, &room);
	if (!error)
		error = strings_add_vector(strings, &room, envp,
					   &strings->envc);
	if (error)
		exec_strings_free(strings);
	return error;
}

/*
 * What a program was started with: its path, arguments, environment and
 * auxiliary vector.  Counted and never changed: fork shares it, exec puts
 * another in its place.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define PROGRAM_AUX 13 /* entries of the vector, AT_NULL among them */

struct program {
	_Atomic uint32_t refs;
	const char *exe;  /* path it was loaded from */
	const char *args; /* strings, each NUL-terminated */
	size_t args_size;
	const char *env; /* the same */
	size_t env_size;
	uint64_t aux[PROGRAM_AUX][2]; /* type, value; filled before anybody
					 else sees it */
	char bytes[];
};

/* refs 1; the strings are copied.  NULL: no memory. */
struct program *program_create(const char *exe, const char *args,
			       size_t args_size, const char *env,
			       size_t env_size);
void program_get(struct program *program);
void program_put(struct program *program); /* NULL is allowed */

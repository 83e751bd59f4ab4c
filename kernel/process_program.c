/*
 * What a program was started with, in one piece.  Made by exec, shown by proc:.
 */
#include "process_program.h"

#include "heap.h"
#include "text.h"

struct program *
program_create(const char *exe, const char *args, size_t args_size,
	       const char *env, size_t env_size)
{
	size_t exe_size = strlen(exe) + 1;
	struct program *program =
		heap_alloc(sizeof(*program) + exe_size + args_size + env_size);
	char *at;

	if (!program)
		return NULL;
	at = program->bytes;
	*program = (struct program){
		.refs = 1, .args_size = args_size, .env_size = env_size};
	program->exe = memcpy(at, exe, exe_size);
	program->args = memcpy(at + exe_size, args, args_size);
	program->env = memcpy(at + exe_size + args_size, env, env_size);
	return program;
}

void
program_get(struct program *program)
{
	atomic_fetch_add_explicit(&program->refs, 1, memory_order_relaxed);
}

void
program_put(struct program *program)
{
	if (program && atomic_fetch_sub(&program->refs, 1) == 1)
		heap_free(program);
}

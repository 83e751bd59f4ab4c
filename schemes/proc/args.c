/*
 * proc:/<pid>/args, env and auxv: what its program was started with, as exec
 * was given it, %-escaped.  What the program does to its own copies later is
 * not seen: it cannot forge a line.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "process_program.h"
#include "text.h"

/* With a reference; NULL: it has ended. */
static struct program *
program_of(const struct handle *handle)
{
	struct process *process = handle->spot.process;
	struct program *program;

	spin_lock(&process->lock);
	program = process->program;
	if (program)
		program_get(program);
	spin_unlock(&process->lock);
	return program;
}

/* An empty one is a lone %, as the verb `new` takes it. */
static void
put_strings(struct text_buffer *buffer, const char *strings, size_t size)
{
	for (size_t at = 0; at < size; at += strlen(strings + at) + 1) {
		if (strings[at])
			text_word(buffer, strings + at);
		else
			text_printf(buffer, "%%");
		text_printf(buffer, "\n");
	}
}

/* Everybody may read it until the process is reaped: of a zombie it is empty.
 */
static int
make_args(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct program *program = program_of(handle);

	if (atomic_load(&handle->spot.process->state) == PROCESS_REAPED) {
		program_put(program);
		return -ESRCH;
	}
	if (program)
		put_strings(buffer, program->args, program->args_size);
	program_put(program);
	return 0;
}

static int
make_env(struct text_buffer *buffer, void *arg)
{
	struct program *program = program_of(arg);

	if (!program)
		return -ESRCH;
	put_strings(buffer, program->env, program->env_size);
	program_put(program);
	return 0;
}

static const char *
aux_name(uint64_t type)
{
	static const struct {
		uint64_t type;
		const char *name;
	} names[] = {
#define AUX(name, number) {(number), "AT_" #name},
#include "abi/aux.def"
#undef AUX
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].type == type)
			return names[i].name;
	return "-";
}

static int
make_auxv(struct text_buffer *buffer, void *arg)
{
	struct program *program = program_of(arg);

	if (!program)
		return -ESRCH;
	for (unsigned i = 0; program->aux[i][0]; i++)
		text_printf(buffer, "%s 0x%lx\n", aux_name(program->aux[i][0]),
			    program->aux[i][1]);
	program_put(program);
	return 0;
}

static int
make_exe(struct text_buffer *buffer, void *arg)
{
	struct program *program = program_of(arg);

	if (!program)
		return -ESRCH;
	text_word(buffer, program->exe);
	text_printf(buffer, "\n");
	program_put(program);
	return 0;
}

const struct proc_row args_row = {
	.name = "args",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = make_args,
};

const struct proc_row env_row = {
	.name = "env",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_env,
};

const struct proc_row auxv_row = {
	.name = "auxv",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_auxv,
};

const struct proc_row exe_row = {
	.name = "exe",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_exe,
};

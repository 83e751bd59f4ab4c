/*
 * The verb `new`: a child of the writer is loaded, joins the session, and is
 * held at its `start` before it has run an instruction.  Called by verb.c.
 *
 * One rule: nobody else can have touched the child before it is held, for its
 * thread is started last.  Whatever fails undoes it all.
 */
#include "born.h"
#include "grammar.h"
#include "verb.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "life.h"
#include "process.h"
#include "text.h"

int
born_env(struct face *face, const char *string)
{
	size_t size = strlen(string) + 1;
	char *env;

	if (face->env_size + size > KARG_MAX)
		return -E2BIG;
	env = heap_alloc(face->env_size + size);
	if (!env)
		return -ENOMEM;
	if (face->env)
		memcpy(env, face->env, face->env_size);
	memcpy(env + face->env_size, string, size);
	heap_free(face->env);
	face->env = env;
	face->env_size += size;
	face->env_count++;
	return 0;
}

/* Arguments of the command, then the environment: its own (packed), or that of
 * earlier `env` lines. */
static int
collect(struct face *face, const struct command *command, const char *args,
	size_t args_size, struct exec_strings *strings)
{
	strings->argc = command->text_count;
	strings->envc = (uint32_t)command->arg[1] + face->env_count;
	strings->size = args_size + face->env_size;
	if (strings->size + 8ull * (strings->argc + strings->envc) > KARG_MAX)
		return -E2BIG;
	strings->bytes = heap_alloc(strings->size);
	if (!strings->bytes)
		return -ENOMEM;
	memcpy(strings->bytes, args, args_size);
	if (face->env_size)
		memcpy(strings->bytes + args_size, face->env, face->env_size);
	return 0;
}

static bool
is_face_of(struct file *file, void *session)
{
	struct handle *handle = file->data;

	return file->ops->open == proc_scheme.open && handle->spot.row &&
	       handle->spot.row->close == face_close &&
	       ((struct face *)handle->data)->session == session;
}

static int
join_and_start(struct thread *self, struct face *face, struct process *child,
	       struct thread *thread)
{
	struct asker asker = rights_asker(self);
	int error = rights_ask(&asker, child, RIGHT_CONTROL);

	if (!error)
		error = session_join(face->session, child, true, false);
	if (error) {
		spawn_cancel(child, thread);
		return error;
	}
	fd_table_close_if(child->files, is_face_of, face->session);
	sched_start(thread);
	thread_put(thread);
	process_put(child);
	return 0;
}

static void
env_used(struct face *face)
{
	heap_free(face->env);
	face->env = NULL;
	face->env_size = 0;
	face->env_count = 0;
}

/* A child has its writer's ids.  A writer that has risen, or to whom the file
 * was passed, makes none for an opener with other ids. */
static bool
opener_may(struct thread *self, const struct face *face, const char **why)
{
	struct cred cred = process_cred(self->process);

	if (rights_by_ids(&session_asker(face->session)->cred, &cred))
		return true;
	*why = "the writer has ids that the opener had not";
	return false;
}

int
born_create(struct thread *self, struct face *face,
	    const struct command *command, const char **why)
{
	const char *path = command->text;
	size_t path_size = strlen(path) + 1;
	struct exec_strings strings = {0};
	struct process *child;
	struct thread *thread;
	int error;

	if (!opener_may(self, face, why))
		return -EACCES;
	error = collect(face, command, path + path_size,
			command->text_size - path_size, &strings);
	if (error)
		return error;
	error = spawn_create(self, path, &strings, &child, &thread);
	exec_strings_free(&strings);
	if (error == -ERAISES) {
		*why = "its set-id bits would raise ids";
		return -EACCES;
	}
	if (error)
		return error;
	error = join_and_start(self, face, child, thread);
	if (!error)
		env_used(face);
	return error;
}

/*
 * proc:/<pid>/ctl: one-shot verbs without a session.  stop holds every thread
 * without an owner, and returns when each is parked or asleep; run takes that
 * back; kill SIG posts a signal.  private, to one's own ctl only, shuts tracers
 * out; nothing else goes through a ctl that its process opened itself, whoever
 * has the descriptor now.
 */
#include "proc.h"
#include "grammar.h"
#include "refused.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "life.h"
#include "text.h"

struct writing {
	struct thread *self;
	const struct handle *handle;
};

static int
act(struct writing *writing, const struct command *command)
{
	struct process *process = writing->handle->spot.process;

	if (writing->handle->own || process == writing->self->process)
		return -EDEADLK;
	if (atomic_load(&process->state) >= PROCESS_ZOMBIE)
		return -ESRCH;
	switch (command->verb) {
	case TRACE_VERB_stop:
		return ctl_stop(writing->self, process,
				&writing->handle->grant);
	case TRACE_VERB_run:
		return ctl_run(process, &writing->handle->grant);
	case TRACE_VERB_kill:
		return signal_post(process, (int)command->arg[0]);
	default:
		return -EINVAL;
	}
}

static int
private_line(struct writing *writing)
{
	struct process *process = writing->handle->spot.process;

	if (process != writing->self->process)
		return -EACCES;
	return trace_set_private(process);
}

/* The verbs of ctl are about all of its process. */
static bool
is_of_ctl(const struct command *command)
{
	return command->kind == COMMAND_VERB &&
	       command->who.kind == WHO_CURRENT &&
	       (command->verb == TRACE_VERB_stop ||
		command->verb == TRACE_VERB_run ||
		command->verb == TRACE_VERB_kill);
}

static int
ctl_line(char *line, size_t length, void *arg)
{
	struct writing *writing = arg;
	struct command command;
	int error;

	if (length == 7 && memcmp(line, "private", 7) == 0)
		return refused(writing->self, "private", private_line(writing));
	error = grammar_line(line, length, &command);
	if (error)
		return refused_command(writing->self, "line", &command, error);
	if (!is_of_ctl(&command))
		return refused_word(writing->self, "line", -EINVAL,
				    "only stop, run, kill SIG, private", NULL,
				    0);
	return refused(writing->self, grammar_verb_name(command.verb),
		       act(writing, &command));
}

static int64_t
ctl_write(struct thread *self, struct handle *handle, struct uio *uio,
	  uint64_t *offset)
{
	struct writing writing = {self, handle};

	(void)offset;
	return proc_write_lines(self, uio, 4096, ctl_line, &writing);
}

const struct proc_row ctl_row = {
	.name = "ctl",
	.mode = KS_IFCHR | 0200,
	.writes = RIGHT_CTL,
	.write = ctl_write,
};

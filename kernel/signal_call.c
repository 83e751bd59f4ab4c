/*
 * The call that a signal has interrupted: does it give -EINTR, or is it entered
 * again?  Called by syscall.c between a call and its leave, when a signal is
 * there.
 *
 * A call returns because of a signal only if a handler will run (or the process
 * ends), so of those without SA_RESTART none needs to know what else had come.
 */
#include "signal.h"

#include "abi/errno.h"
#include "abi/syscall.h"

/* Calls that never go on by themselves, whatever the handler asks for. */
static const uint16_t final[] = {
	SYS_poll, SYS_nanosleep, SYS_sigsuspend, SYS_sigtimedwait, SYS_pause,
};

static bool
signal_call_is_final(uint64_t number)
{
	for (unsigned i = 0; i < sizeof(final) / sizeof(final[0]); i++)
		if (final[i] == number)
			return true;
	return false;
}

static bool
signal_handler_restarts(struct thread *self)
{
	struct process *process = self->process;
	int sig = self->signal.chosen.signo;

	if (!sig || signal_chosen_action(self) != HANDLE)
		return true;
	return signal_action_get(process, sig).flags & KSA_RESTART;
}

void
signal_call_over(struct thread *self, uint64_t number, int64_t result)
{
	struct thread_signal *own = &self->signal;

	if (result != -EINTR)
		own->restart = false;
	else if (!own->restart)
		own->restart = own->interrupted &&
			       !signal_call_is_final(number) &&
			       signal_handler_restarts(self);
	own->interrupted = false;
}

int
signal_again(struct thread *self)
{
	self->signal.restart = true;
	thread_flag(self, THREAD_SIGNAL);
	return -EINTR;
}

/*
 * Who is kept out of the terminal: groups in the background, sessions that have
 * lost it.
 *
 * Called before each read, write and change of settings, and again when a
 * reader has waited.  The rule: one that is stopped here looks again when it is
 * continued; nothing was read or written yet.
 */
#include "abi/errno.h"
#include "abi/signal.h"
#include "control.h"
#include "group.h"
#include "life.h"
#include "process.h"
#include "scheme.h"
#include "tty.h"

static bool
control_is_orphan(struct process *process)
{
	bool orphan;

	spin_lock(&process_table_lock);
	orphan = group_is_orphaned(process);
	spin_unlock(&process_table_lock);
	return orphan;
}

/* The signal for all of its group.  0: look again; -EINTR. */
static int
control_refuse(struct thread *self, int sig)
{
	struct group *group = group_of(self->process);

	signal_post_group(group, sig);
	group_drop(group);
	scheme_pause(self);
	return signal_interrupt(self);
}

int
control_may_read(struct thread *self, bool *lost)
{
	enum control_standing standing;
	int error = 0;

	*lost = false;
	while (!error) {
		standing = control_standing(self->process);
		*lost = standing == CONTROL_LOST;
		if (standing != CONTROL_BACKGROUND)
			return 0;
		if (signal_is_withstood(self, KSIGTTIN) ||
		    control_is_orphan(self->process))
			return -EIO;
		error = control_refuse(self, KSIGTTIN);
	}
	return error;
}

static bool
control_stops_output(void)
{
	bool stops;

	spin_lock(&tty.lock);
	stops = tty.line.termios.c_lflag & LINE_TOSTOP;
	spin_unlock(&tty.lock);
	return stops;
}

int
control_may_write(struct thread *self, bool always)
{
	enum control_standing standing;
	int error = 0;

	while (!error) {
		standing = control_standing(self->process);
		if (standing == CONTROL_LOST)
			return -EIO;
		if (standing != CONTROL_BACKGROUND ||
		    signal_is_withstood(self, KSIGTTOU) ||
		    (!always && !control_stops_output()))
			return 0;
		if (control_is_orphan(self->process))
			return -EIO;
		error = control_refuse(self, KSIGTTOU);
	}
	return error;
}

bool
control_changed(struct thread *self)
{
	enum control_standing standing = control_standing(self->process);

	return standing == CONTROL_BACKGROUND || standing == CONTROL_LOST;
}

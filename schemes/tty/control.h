/*
 * The terminal as the controlling terminal of a session: control.c whose it is
 * and who is in the foreground, control_job.c who is kept out, control_keys.c
 * whom keys reach.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct group;
struct group_session;
struct process;
struct thread;

/*
 * Whose the terminal is, under PROCESS_TABLE and TTY both: either is enough to
 * look.  Both are referenced; foreground only if there is a session.
 */
struct control {
	struct group_session *session; /* NULL: nobody's */
	struct group *foreground;
};

/* What the terminal is to a process. */
enum control_standing {
	CONTROL_NONE, /* not its controlling terminal: as any file */
	CONTROL_FOREGROUND,
	CONTROL_BACKGROUND,
	CONTROL_LOST, /* it was, and is no more: hung up */
};

/* ---- control.c: 0 or -errno; no lock ---- */

/* The leader of a session that has none gets it. */
int control_acquire(struct process *self, bool steal);
/* An open without O_NOCTTY: if it may. */
void control_open(struct process *self);
int control_release(struct process *self);
int64_t control_get_foreground(struct process *self);
int control_set_foreground(struct process *self, int32_t pgid);
int64_t control_get_session(struct process *self);
enum control_standing control_standing(struct process *self);
/* With a reference; NULL: nobody is there. */
struct group *control_foreground(void);

/* ---- control_job.c ---- */

/* Before a read: 0, -EIO (background, and it cannot be stopped), -EINTR; *lost:
 * it is at the end of the input for good.  Sleeps while stopped. */
int control_may_read(struct thread *self, bool *lost);
/* Before a write; `always`: of settings, whether TOSTOP or not. */
int control_may_write(struct thread *self, bool always);
/* For a sleeping reader: has it been hung up, is it in the background now? */
bool control_changed(struct thread *self);

/* ---- control_keys.c ---- */

int control_keys_init(void);

/*
 * Whose the terminal is: the session that it controls, and of that the group in
 * the foreground.
 *
 * Called by ioctl.c and tty.c, and by exit.c through the session's hang_up.
 * The rule: what is posted or put away is so after the locks, with references.
 */
#include "abi/errno.h"
#include "abi/signal.h"
#include "control.h"
#include "group.h"
#include "life.h"
#include "process.h"
#include "tty.h"

static void
control_lock(void)
{
	spin_lock(&process_table_lock);
	spin_lock(&tty.lock);
}

static void
control_unlock(void)
{
	spin_unlock(&tty.lock);
	spin_unlock(&process_table_lock);
}

static bool
control_is_of(const struct process *self)
{
	return tty.control.session &&
	       tty.control.session == self->group->session &&
	       !atomic_load(&self->apart);
}

/* Locked.  What was there goes; the session's reference too. */
static void
control_change(struct group_session *session, struct group *foreground)
{
	struct control old = tty.control;

	if (session)
		group_session_get(session);
	if (foreground)
		group_get(foreground);
	tty.control = (struct control){session, foreground};
	if (old.foreground)
		group_put(old.foreground);
	if (old.session)
		group_session_put(old.session);
}

/* ---- taking it away ---- */

/* Locked.  The session has no terminal any more; who was in the foreground,
 * with a reference. */
static struct group *
control_take_away(void)
{
	struct group *foreground = tty.control.foreground;

	if (foreground)
		group_get(foreground);
	tty.control.session->hang_up = NULL;
	atomic_store(&tty.control.session->hung_up, true);
	control_change(NULL, NULL);
	return foreground;
}

/* Unlocked. */
static void
control_tell(struct group *foreground)
{
	waitq_wake(&tty.readable);
	waitq_wake(&tty.writable);
	if (!foreground)
		return;
	signal_post_group(foreground, KSIGHUP);
	signal_post_group(foreground, KSIGCONT);
	group_drop(foreground);
}

static void
control_hang_up(struct group_session *session)
{
	struct group *foreground = NULL;
	bool mine;

	control_lock();
	mine = tty.control.session == session;
	if (mine)
		foreground = control_take_away();
	control_unlock();
	if (mine)
		control_tell(foreground);
}

/* ---- giving it ---- */

static void
control_give(struct process *self)
{
	struct group_session *session = self->group->session;

	session->hang_up = control_hang_up;
	atomic_store(&session->hung_up, false);
	atomic_store(&self->apart, false);
	control_change(session, self->group);
}

/* Locked. */
static int
control_may_acquire(const struct process *self, bool steal)
{
	if (self->group->session->sid != self->pid)
		return -EPERM;
	return tty.control.session && !steal ? -EPERM : 0;
}

int
control_acquire(struct process *self, bool steal)
{
	struct group *foreground = NULL;
	int error = 0;

	steal = steal && !process_cred(self).euid;
	control_lock();
	if (!control_is_of(self)) {
		error = control_may_acquire(self, steal);
		if (!error && tty.control.session)
			foreground = control_take_away();
		if (!error)
			control_give(self);
	}
	control_unlock();
	control_tell(foreground);
	return error;
}

void
control_open(struct process *self)
{
	if (self && self != process_one)
		control_acquire(self, false);
}

int
control_release(struct process *self)
{
	struct group *foreground = NULL;
	int error = 0;

	control_lock();
	if (!control_is_of(self))
		error = -ENOTTY;
	else if (self->group->session->sid == self->pid)
		foreground = control_take_away();
	else
		atomic_store(&self->apart, true);
	control_unlock();
	control_tell(foreground);
	return error;
}

/* ---- who is in the foreground ---- */

int64_t
control_get_foreground(struct process *self)
{
	struct group *group;
	int64_t pgid;

	control_lock();
	group = tty.control.foreground;
	pgid = group && !list_empty(&group->members) ? group->pgid : GROUP_NONE;
	if (!control_is_of(self))
		pgid = -ENOTTY;
	control_unlock();
	return pgid;
}

/* Locked. */
static int
control_put(struct process *self, uint32_t pgid)
{
	struct group *group = group_find(pgid);

	if (!control_is_of(self))
		return -ENOTTY;
	if (!group || group->session != tty.control.session)
		return -EPERM;
	control_change(tty.control.session, group);
	return 0;
}

int
control_set_foreground(struct process *self, int32_t pgid)
{
	int error;

	if (pgid <= 0)
		return -EINVAL;
	control_lock();
	error = control_put(self, (uint32_t)pgid);
	control_unlock();
	/* Who sleeps in a read may have come into the background. */
	if (!error)
		waitq_wake(&tty.readable);
	return error;
}

int64_t
control_get_session(struct process *self)
{
	int64_t sid;

	control_lock();
	sid = control_is_of(self) ? (int64_t)tty.control.session->sid : -ENOTTY;
	control_unlock();
	return sid;
}

enum control_standing
control_standing(struct process *self)
{
	enum control_standing standing = CONTROL_NONE;

	spin_lock(&process_table_lock);
	if (control_is_of(self))
		standing = self->group == tty.control.foreground
				   ? CONTROL_FOREGROUND
				   : CONTROL_BACKGROUND;
	else if (atomic_load(&self->group->session->hung_up))
		standing = CONTROL_LOST;
	spin_unlock(&process_table_lock);
	return standing;
}

struct group *
control_foreground(void)
{
	struct group *group;

	spin_lock(&process_table_lock);
	group = tty.control.foreground;
	if (group)
		group_get(group);
	spin_unlock(&process_table_lock);
	return group;
}

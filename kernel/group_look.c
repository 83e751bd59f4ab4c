/*
 * Looking at groups and sessions: one after another their members, and which a
 * process is in.  Everybody calls these, with no lock held.
 *
 * A walk keeps its place by a reference and by the turn at which that member
 * came: the list is in the order of the turns.
 */
#include "group.h"

#include "process.h"

/* ---- walks ---- */

/* Where the walk goes on. */
static struct list *
group_walk_from(const struct group_walk *walk)
{
	struct list *members = &walk->group->members;

	if (!walk->at)
		return members->next;
	if (walk->at->group == walk->group &&
	    walk->at->group_turn == walk->turn)
		return walk->at->group_link.next;
	list_for_each(link, members)
	{
		if (container_of(link, struct process, group_link)->group_turn >
		    walk->turn)
			return link;
	}
	return members;
}

struct process *
group_next(struct group_walk *walk)
{
	struct process *process = NULL, *before = walk->at;
	struct list *link;

	spin_lock(&process_table_lock);
	link = group_walk_from(walk);
	if (link != &walk->group->members) {
		process = container_of(link, struct process, group_link);
		walk->turn = process->group_turn;
		process_get(process);
	}
	spin_unlock(&process_table_lock);
	walk->at = process;
	if (before)
		process_put(before);
	return process;
}

void
group_walk_end(struct group_walk *walk)
{
	if (walk->at)
		process_put(walk->at);
	walk->at = NULL;
}

/* ---- which ---- */

struct group *
group_lookup(uint32_t pgid)
{
	struct group *group;

	spin_lock(&process_table_lock);
	group = group_find(pgid);
	if (group)
		group_get(group);
	spin_unlock(&process_table_lock);
	return group;
}

struct group *
group_of(struct process *process)
{
	struct group *group;

	spin_lock(&process_table_lock);
	group = process->group;
	if (group)
		group_get(group);
	spin_unlock(&process_table_lock);
	return group;
}

void
group_drop(struct group *group)
{
	spin_lock(&process_table_lock);
	group_put(group);
	spin_unlock(&process_table_lock);
}

uint32_t
group_pgid(struct process *process)
{
	uint32_t pgid;

	spin_lock(&process->lock);
	pgid = process->group ? process->group->pgid : 0;
	spin_unlock(&process->lock);
	return pgid;
}

uint32_t
group_sid(struct process *process)
{
	uint32_t sid;

	spin_lock(&process->lock);
	sid = process->group ? process->group->session->sid : 0;
	spin_unlock(&process->lock);
	return sid;
}

bool
group_same_session(struct process *a, struct process *b)
{
	bool same;

	spin_lock(&process_table_lock);
	same = a->group && b->group && a->group->session == b->group->session;
	spin_unlock(&process_table_lock);
	return same;
}

/* ---- the end of a leader ---- */

/* PROCESS_TABLE lock.  The session that it leads, if there is something to hang
 * up, referenced. */
static struct group_session *
group_led_by(struct process *process)
{
	struct group_session *session = process->group->session;

	if (session->sid != process->pid || !session->hang_up)
		return NULL;
	group_session_get(session);
	return session;
}

void
group_leader_ends(struct process *process)
{
	void (*hang_up)(struct group_session * session) = NULL;
	struct group_session *session;

	spin_lock(&process_table_lock);
	session = group_led_by(process);
	if (session)
		hang_up = session->hang_up;
	spin_unlock(&process_table_lock);
	if (!session)
		return;
	/* its terminal may be taken away meanwhile: then this does nothing */
	hang_up(session);
	spin_lock(&process_table_lock);
	group_session_put(session);
	spin_unlock(&process_table_lock);
}

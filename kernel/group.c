/*
 * Process groups and sessions: who is in which, and which are orphaned.
 *
 * Called by process_family.c, exit.c and group_set.c with the PROCESS_TABLE
 * lock held.  The rule: a group's number of guards is changed before and after
 * each change of what it counts, in one hold of the lock, so that whether it is
 * orphaned is known without a walk.
 */
#include "group.h"

#include "abi/errno.h"
#include "heap.h"
#include "process.h"
#include "process_numbers.h"

static uint64_t turns;

struct group *
group_find(uint32_t pgid)
{
	struct process_number *number = process_number_find(pgid);

	return number ? number->group : NULL;
}

/* ---- lifetimes ---- */

void
group_get(struct group *group)
{
	group->refs++;
}

void
group_session_get(struct group_session *session)
{
	session->refs++;
}

void
group_session_put(struct group_session *session)
{
	if (!--session->refs)
		heap_free(session);
}

void
group_put(struct group *group)
{
	if (--group->refs)
		return;
	group_session_put(group->session);
	heap_free(group);
}

static struct group_session *
group_session_create(uint32_t sid)
{
	struct group_session *session = heap_zalloc(sizeof(*session));

	if (!session)
		return NULL;
	session->refs = 1;
	session->sid = sid;
	return session;
}

struct group *
group_create(struct group_session *session, uint32_t pgid)
{
	struct group *group = heap_zalloc(sizeof(*group));

	if (group && session)
		group_session_get(session);
	else if (group)
		session = group_session_create(pgid);
	if (!group || !session) {
		heap_free(group);
		return NULL;
	}
	group->refs = 1;
	group->pgid = pgid;
	group->session = session;
	list_init(&group->members);
	list_init(&group->orphans);
	return group;
}

/* ---- members ---- */

static void
group_open(struct group *group)
{
	struct process_number *number = process_number_find(group->pgid);
	struct group_session *session = group->session;

	group_get(group);
	process_number_keep(number);
	number->group = group;
	if (session->groups++)
		return;
	number = process_number_find(session->sid);
	process_number_keep(number);
	number->session = session;
}

static void
group_close(struct group *group)
{
	struct process_number *number = process_number_find(group->pgid);
	struct group_session *session = group->session;

	number->group = NULL;
	process_number_let_go(number);
	if (!--session->groups) {
		number = process_number_find(session->sid);
		number->session = NULL;
		process_number_let_go(number);
	}
	group_put(group);
}

static void
group_point(struct process *process, struct group *group)
{
	spin_lock(&process->lock);
	process->group = group;
	spin_unlock(&process->lock);
}

void
group_enter(struct process *process, struct group *group)
{
	if (list_empty(&group->members))
		group_open(group);
	process->group_turn = ++turns;
	list_add_tail(&group->members, &process->group_link);
	group_point(process, group);
}

/* The last member has gone. */
static void
group_close_if_empty(struct group *group)
{
	if (list_empty(&group->members))
		group_close(group);
}

void
group_leave(struct process *process)
{
	struct group *group = process->group;

	group_point(process, NULL);
	list_remove(&process->group_link);
	group_close_if_empty(group);
}

int
group_begin(struct process *process)
{
	struct group *group = group_create(NULL, process->pid);

	if (!group)
		return -ENOMEM;
	group_enter(process, group);
	group_put(group);
	return 0;
}

/* ---- guards ---- */

/* init continues nobody. */
static bool
group_has_guard(const struct process *process)
{
	const struct process *parent = process->parent;

	return parent && parent != process_one &&
	       atomic_load(&process->state) <= PROCESS_ALIVE &&
	       parent->group != process->group &&
	       parent->group->session == process->group->session;
}

static void
group_count(struct process *process, uint32_t by)
{
	if (group_has_guard(process))
		process->group->guards += by;
}

static void
group_count_family(struct process *process, uint32_t by)
{
	const struct list *lists[] = {&process->children, &process->news};

	group_count(process, by);
	for (unsigned i = 0; i < 2; i++)
		for (struct list *at = lists[i]->next; at != lists[i];
		     at = at->next)
			group_count(container_of(at, struct process, sibling),
				    by);
}

/* It may wait for children of a group. */
static void
group_tell_parent(struct process *process)
{
	struct process *parent = process->parent;

	if (!parent)
		return;
	atomic_fetch_add(&parent->child_changes, 1);
	waitq_wake(&parent->child_wait);
}

/* Who looks under its PROCESS lock alone sees the one or the other, never none.
 */
void
group_change(struct process *process, struct group *group)
{
	struct group *old = process->group;

	group_count_family(process, (uint32_t)-1);
	list_remove(&process->group_link);
	group_enter(process, group);
	group_close_if_empty(old);
	group_count_family(process, 1);
	group_tell_parent(process);
}

void
group_part(struct process *process, struct list *orphans)
{
	struct group *group = process->group;

	if (!group_has_guard(process) || --group->guards ||
	    !list_empty(&group->orphans))
		return;
	group_get(group);
	list_add_tail(orphans, &group->orphans);
}

bool
group_is_orphaned(const struct process *process)
{
	return !process->group || !process->group->guards;
}

/*
 * The graph of tracers against a model that knows every path: a new edge is
 * refused exactly if it would close a circle.
 */
#include "trace_fake.h"
#include "kernel/trace/edges.c" /* with our locks */

enum { NODES = 9 };

/* As session.c's, but that nothing is freed. */
void
session_put(struct session *session)
{
	if (atomic_fetch_sub(&session->refs, 1) == 1)
		edges_closed(session);
}

static struct process nodes[NODES];
static struct trace_process traces[NODES];
static struct session sessions[NODES][NODES];
static struct target targets[NODES][NODES];
static bool edge[NODES][NODES];

static void
begin(void)
{
	memset(edge, 0, sizeof edge);
	for (int i = 0; i < NODES; i++) {
		nodes[i].trace = &traces[i];
		traces[i].process = &nodes[i];
		list_init(&traces[i].opened);
		list_init(&traces[i].visit);
	}
}

/* As an open does it: the session, then its target. */
static void
add(int from, int to)
{
	struct session *s = &sessions[from][to];
	struct target *t = &targets[from][to];

	s->opener = &nodes[from];
	list_init(&s->targets);
	edges_opened(s);
	t->session = s;
	t->process = &nodes[to];
	list_add_tail(&s->targets, &t->by_session);
	edge[from][to] = true;
}

static void
drop(int from, int to)
{
	list_remove(&targets[from][to].by_session);
	edges_closed(&sessions[from][to]);
	edge[from][to] = false;
}

static bool
reaches(int from, int to, unsigned seen)
{
	if (from == to)
		return true;
	for (int i = 0; i < NODES; i++)
		if (edge[from][i] && !(seen >> i & 1) &&
		    reaches(i, to, seen | 1u << i))
			return true;
	return false;
}

static bool
cycle(int from, int to)
{
	bool found;

	edges_lock();
	found = edges_cycle(&nodes[from], &nodes[to]);
	edges_unlock();
	return found;
}

TEST(nobody_traces_itself)
{
	begin();
	for (int i = 0; i < NODES; i++)
		CHECK(cycle(i, i));
}

TEST(chain_may_grow_at_both_ends_and_not_close)
{
	begin();
	for (int i = 0; i + 1 < NODES; i++) {
		CHECK(!cycle(i, i + 1));
		add(i, i + 1);
	}
	for (int i = 0; i < NODES; i++)
		for (int j = 0; j < NODES; j++)
			CHECK_EQ(cycle(i, j), j <= i);
}

TEST(edge_is_refused_exactly_if_it_closes_a_circle)
{
	uint32_t state = 99;

	begin();
	for (int round = 0; round < 20000; round++) {
		int from, to;

		state = state * 1664525 + 1013904223;
		from = (int)(state >> 8) % NODES;
		to = (int)(state >> 16) % NODES;
		if (edge[from][to]) {
			drop(from, to);
			continue;
		}
		CHECK_EQ(cycle(from, to), reaches(to, from, 1u << to));
		if (from != to && !reaches(to, from, 1u << to))
			add(from, to);
	}
}

static struct session *
opened(struct session *session)
{
	session->refs = 1;
	session->opener = &nodes[0];
	list_init(&session->targets);
	edges_opened(session);
	return session;
}

TEST(walk_gives_each_living_session_once_by_number)
{
	static struct session some[3];
	struct session *at;

	begin();
	for (int i = 0; i < 3; i++)
		opened(&some[i]);
	CHECK(some[0].number < some[1].number);
	CHECK(some[1].number < some[2].number);
	some[1].refs = 0;
	at = edges_next(NULL);
	CHECK(at == &some[0]);
	CHECK_EQ(at->refs, 2);
	at = edges_next(at);
	CHECK(at == &some[2]);
	CHECK_EQ(some[0].refs, 1);
	CHECK(edges_next(at) == NULL);
	CHECK_EQ(some[2].refs, 1);
	for (int i = 0; i < 3; i++)
		edges_closed(&some[i]);
	CHECK(edges_next(NULL) == NULL);
}

TEST(session_whose_walker_keeps_it_alone_leaves_the_list_with_its_reference)
{
	static struct session some[2];
	struct session *at;

	begin();
	opened(&some[0]);
	opened(&some[1]);
	at = edges_next(NULL);
	session_put(&some[0]);
	CHECK(edges_next(at) == &some[1]);
	CHECK_EQ(some[0].refs, 0);
	session_put(&some[1]);
	session_put(&some[1]);
	CHECK(edges_next(NULL) == NULL);
}

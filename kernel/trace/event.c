/*
 * Records, and the one queue of a session in which they stand in the order of
 * their seq.
 *
 * A record that holds, and a thread's `end`, lie in the hold itself, so that
 * there is always room for them; logged ones take a node of the session's pool.
 * The last free node of the pool is kept for `lost`, which then stands where
 * the dropped ones would have.  Everything here runs with the SESSION lock held
 * unless it says otherwise, and nothing sleeps.
 */
#include "trace/hold.h"
#include "abi/errno.h"
#include "heap.h"
#include "text.h"

struct event_text {
	_Atomic uint32_t refs;
	uint32_t length;
	uint16_t kind;
	char bytes[];
};

struct event_text *
event_text_create(const char *bytes, uint16_t kind)
{
	size_t length = strlen(bytes);
	struct event_text *text = heap_alloc(sizeof(*text) + length + 1);

	if (!text)
		return NULL;
	text->refs = 1;
	text->length = (uint32_t)length;
	text->kind = kind;
	memcpy(text->bytes, bytes, length + 1);
	return text;
}

void
event_text_get(struct event_text *text)
{
	if (text)
		atomic_fetch_add(&text->refs, 1);
}

void
event_text_put(struct event_text *text)
{
	if (text && atomic_fetch_sub(&text->refs, 1) == 1)
		heap_free(text);
}

const char *
event_text_bytes(const struct event_text *text, uint32_t *length,
		 uint16_t *kind)
{
	*length = text->length;
	*kind = text->kind;
	return text->bytes;
}

/* The pool may be made without the lock: two that make it at once agree under
 * it. */
int
event_pool_create(struct session *session)
{
	struct event_node *pool;

	if (session->pool)
		return 0;
	pool = heap_zalloc(LOG_NODES * sizeof(*pool));
	if (!pool)
		return -ENOMEM;
	spin_lock(&session->lock);
	if (!session->pool) {
		session->pool = pool;
		for (unsigned i = 0; i < LOG_NODES; i++) {
			pool[i].kind = NODE_POOL;
			list_add_tail(&session->pool_free, &pool[i].link);
		}
		pool = NULL;
	}
	spin_unlock(&session->lock);
	heap_free(pool);
	return 0;
}

uint32_t
event_text_size(const struct event_text *text)
{
	return (uint32_t)sizeof(struct trace_payload) +
	       ((text->length + 7u) & ~7u);
}

void
event_queue(struct session *session, struct event_node *node,
	    const struct record *record, unsigned flags)
{
	event_put(session, node, record, flags);
}

/* Gives back what a node that left the queue stood on. */
static void
node_release(struct session *session, struct event_node *node)
{
	event_text_put(node->text);
	node->text = NULL;
	if (node->about)
		hold_put(session, node->about);
	node->about = NULL;
	switch (node->kind) {
	case NODE_POOL:
		session->logged--;
		list_add_tail(&session->pool_free, &node->link);
		break;
	case NODE_HEAP:
		session->kept--;
		heap_free(node);
		break;
	case NODE_HOLD:
	case NODE_END:
		hold_put(session, node->hold);
		break;
	case NODE_LOST:
		break;
	}
}

void
event_unqueue(struct session *session, struct event_node *node)
{
	list_remove(&node->link);
	node->queued = false;
	node_release(session, node);
}

/* The node that counts what is dropped now: the last in the queue if it counts
 * already, else a new one. */
static struct event_node *
lost_node(struct session *session)
{
	struct event_node *node;

	if (!list_empty(&session->queue)) {
		node = container_of(session->queue.prev, struct event_node,
				    link);
		if (node->event.type == TRACE_EV_lost && !node->frozen)
			return node;
	}
	if (session->pool && !list_empty(&session->pool_free)) {
		node = container_of(session->pool_free.next, struct event_node,
				    link);
		list_remove(&node->link);
		session->logged++;
		return node;
	}
	return &session->lost;
}

static void
queue_about(struct session *session, struct event_node *node, struct hold *hold,
	    const struct record *record)
{
	event_queue(session, node, record, 0);
	node->about = hold;
	hold->refs++;
}

static void
event_lose(struct session *session, struct hold *hold,
	   const struct record *dropped)
{
	struct event_node *node = lost_node(session);
	struct record record = {.thread = dropped->thread,
				.type = TRACE_EV_lost,
				.time_ns = dropped->time_ns,
				.number = 1};

	session->lost_count++;
	if (node->queued)
		node->event.word[0]++;
	else
		queue_about(session, node, hold, &record);
}

bool
event_has_room(struct session *session)
{
	/* two: the last one is for `lost` */
	return session->pool && !list_empty(&session->pool_free) &&
	       session->pool_free.next != session->pool_free.prev;
}

bool
event_log(struct session *session, struct hold *hold,
	  const struct record *record)
{
	struct event_node *node;

	if (!event_has_room(session)) {
		if (!session->drop && session->pool)
			return false;
		event_lose(session, hold, record);
		return true;
	}
	node = container_of(session->pool_free.next, struct event_node, link);
	list_remove(&node->link);
	session->logged++;
	queue_about(session, node, hold, record);
	return true;
}

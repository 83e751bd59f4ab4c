/*
 * A pairing heap of deadlines: the scheduler keeps one for each CPU's sleepers,
 * under its TIMER lock.  Rule: a node's children are all later than it; adding
 * is one comparison, taking out pairs the children up.
 */
#include "timerq.h"
#include <stddef.h>

/* Two tops without siblings; the later one becomes the other's first child. */
static struct timerq_node *
timerq_join(struct timerq_node *a, struct timerq_node *b)
{
	struct timerq_node *top, *below;

	if (!a || !b)
		return a ? a : b;
	top = b->deadline < a->deadline ? b : a;
	below = top == a ? b : a;
	below->next = top->child;
	if (top->child)
		top->child->prev = below;
	below->prev = top;
	top->child = below;
	return top;
}

/* Cuts the first two of a list off and joins them. */
static struct timerq_node *
timerq_join_pair(struct timerq_node **list)
{
	struct timerq_node *a = *list, *b = a->next;

	*list = b ? b->next : NULL;
	a->next = a->prev = NULL;
	if (b)
		b->next = b->prev = NULL;
	return timerq_join(a, b);
}

/* One heap out of a list of siblings: pairs from the left, then all of them
 * from the right. */
static struct timerq_node *
timerq_join_all(struct timerq_node *list)
{
	struct timerq_node *pairs = NULL, *top = NULL;

	while (list) {
		struct timerq_node *pair = timerq_join_pair(&list);

		pair->next = pairs;
		pairs = pair;
	}
	while (pairs) {
		struct timerq_node *pair = pairs;

		pairs = pair->next;
		pair->next = NULL;
		top = timerq_join(top, pair);
	}
	return top;
}

/* Its deadline is set; it is in no queue. */
void
timerq_add(struct timerq *queue, struct timerq_node *node)
{
	node->child = node->next = node->prev = NULL;
	queue->top = timerq_join(queue->top, node);
}

/* It is in this queue. */
void
timerq_remove(struct timerq *queue, struct timerq_node *node)
{
	struct timerq_node *rest = timerq_join_all(node->child);

	if (node == queue->top) {
		queue->top = rest;
		return;
	}
	if (node->prev->child == node)
		node->prev->child = node->next;
	else
		node->prev->next = node->next;
	if (node->next)
		node->next->prev = node->prev;
	queue->top = timerq_join(queue->top, rest);
}

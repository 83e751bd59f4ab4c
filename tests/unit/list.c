/* Lists: order, removal while walking, removal twice. */
#include "list.h"
#include "test.h"

struct item {
	int value;
	struct list link;
};

static int
sum(struct list *head)
{
	int digits = 0;

	list_for_each(pos, head)
	{
		digits *= 10;
		digits += container_of(pos, struct item, link)->value;
	}
	return digits;
}

TEST(list_keeps_the_order_of_both_ends)
{
	struct list head = LIST_INIT(head);
	struct item items[3] = {{1, {0}}, {2, {0}}, {3, {0}}};

	CHECK(list_empty(&head));
	list_add_tail(&head, &items[1].link);
	list_add_tail(&head, &items[2].link);
	list_add_head(&head, &items[0].link);
	CHECK_EQ(sum(&head), 123);
}

TEST(list_body_may_remove_what_it_is_at)
{
	struct list head = LIST_INIT(head);
	struct item items[4] = {{1, {0}}, {2, {0}}, {3, {0}}, {4, {0}}};

	for (int i = 0; i < 4; i++)
		list_add_tail(&head, &items[i].link);
	list_for_each_safe(pos, &head)
	{
		if (container_of(pos, struct item, link)->value % 2)
			list_remove(pos);
	}
	CHECK_EQ(sum(&head), 24);
}

TEST(list_node_may_be_removed_twice)
{
	struct list head = LIST_INIT(head);
	struct item items[2] = {{1, {0}}, {2, {0}}};

	list_add_tail(&head, &items[0].link);
	list_add_tail(&head, &items[1].link);
	list_remove(&items[0].link);
	list_remove(&items[0].link);
	CHECK_EQ(sum(&head), 2);
}

/*
 * The names in a directory of file:, found and listed while they change.
 *
 * with: schemes/file/names.c
 */
#include "file_fake.h"
#include "schemes/file/names.h"

static struct names names;

static struct name *
add(const char *text)
{
	CHECK(!names_find(&names, text, (uint32_t)strlen(text)));
	return names_add(&names, text, (uint32_t)strlen(text));
}

static struct name *
find(const char *text)
{
	return names_find(&names, text, (uint32_t)strlen(text));
}

static void
numbered(char *text, unsigned n)
{
	sprintf(text, "name-%u", n);
}

TEST(names_are_found_by_all_their_bytes)
{
	names_init(&names);
	CHECK(!find("a"));
	add("a");
	add("ab");
	CHECK_STR(find("a")->text, "a");
	CHECK_STR(find("ab")->text, "ab");
	CHECK(!find("abc"));
	names_remove(&names, find("a"));
	CHECK(!find("a"));
	CHECK_STR(find("ab")->text, "ab");
	names_remove(&names, find("ab"));
	names_free(&names);
	CHECK_EQ(fake_blocks, 0);
}

TEST(names_stay_quick_with_many)
{
	char text[32];

	names_init(&names);
	for (unsigned i = 0; i < 100000; i++) {
		numbered(text, i);
		add(text);
	}
	for (unsigned i = 0; i < 100000; i++) {
		numbered(text, i * 7919 % 100000);
		names_remove(&names, find(text));
	}
	CHECK_EQ(names.live, 0);
	names_free(&names);
	CHECK_EQ(fake_blocks, 0);
}

/* A listing that goes on while every second name goes and others come. */
TEST(names_listed_while_they_change_come_once)
{
	static unsigned seen[2000];
	uint64_t cookie = NAMES_FIRST_COOKIE;
	unsigned step = 0, number;
	struct name *name;
	char text[32];

	names_init(&names);
	for (unsigned i = 0; i < 1000; i++) {
		numbered(text, i);
		add(text);
	}
	while ((name = names_from(&names, cookie)) != NULL) {
		number = (unsigned)strtoul(name->text + 5, NULL, 10);
		CHECK_EQ(seen[number]++, 0);
		cookie = name->cookie + 1;
		numbered(text, step * 2 % 1000);
		if (find(text))
			names_remove(&names, find(text));
		numbered(text, 1000 + step++);
		if (step < 500)
			add(text);
	}
	for (unsigned i = 1; i < 1000; i += 2)
		CHECK_EQ(seen[i], 1);
	while ((name = names_from(&names, 0)) != NULL)
		names_remove(&names, name);
	names_free(&names);
	CHECK_EQ(fake_blocks, 0);
}

TEST(names_without_memory_are_as_they_were)
{
	char text[32];

	names_init(&names);
	for (unsigned i = 0; i < 100; i++) {
		numbered(text, i);
		for (long fail = 1; !find(text); fail++) {
			fake_fail = fail;
			if (!add(text))
				CHECK_EQ(names.live, i);
			fake_fail = 0;
		}
		CHECK_EQ(names.live, i + 1);
	}
	for (unsigned i = 0; i < 100; i++) {
		numbered(text, i);
		names_remove(&names, find(text));
	}
	names_free(&names);
	CHECK_EQ(fake_blocks, 0);
}

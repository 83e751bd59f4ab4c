/*
 * Boot archives: what is in them, and what hostile ones cannot do.
 *
 * with: kernel/archive.c
 */
#include <stdio.h>
#include "abi/errno.h"
#include "archive.h"
#include "test.h"

struct built {
	unsigned char bytes[4096];
	size_t size;
};

static void
pad(struct built *b)
{
	while (b->size % 4)
		b->bytes[b->size++] = 0;
}

static void
add(struct built *b, const char *name, unsigned mode, const char *data)
{
	int n = sprintf((char *)b->bytes + b->size,
			"07070%c%08X%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x"
			"%08x%08x",
			b->size ? '2' : '1', 7, mode, 1000, 100, 2, 86400,
			(unsigned)strlen(data), 8, 1, 0, 0,
			(unsigned)strlen(name) + 1, 0);

	b->size += (size_t)n;
	memcpy(b->bytes + b->size, name, strlen(name) + 1);
	b->size += strlen(name) + 1;
	pad(b);
	memcpy(b->bytes + b->size, data, strlen(data));
	b->size += strlen(data);
	pad(b);
}

static void
build(struct built *b)
{
	memset(b, 0, sizeof *b);
	add(b, "bin", 040755, "");
	add(b, "bin/ls", 0100755, "hello");
	add(b, "TRAILER!!!", 0, "");
	b->size += 128;
	add(b, "etc/motd", 0100644, "four");
	add(b, "TRAILER!!!", 0, "");
	b->size += 4;
}

static struct archive
open_archive(const struct built *b)
{
	return (struct archive){.bytes = b->bytes, .size = b->size};
}

TEST(archive_gives_every_field_of_each_entry)
{
	struct archive_entry e;
	struct built b;
	struct archive a;

	build(&b);
	a = open_archive(&b);
	CHECK_EQ(archive_next(&a, &e), 1);
	CHECK_STR(e.name, "bin");
	CHECK_EQ(e.mode, 040755);
	CHECK_EQ(archive_next(&a, &e), 1);
	CHECK_STR(e.name, "bin/ls");
	CHECK_EQ(e.name_length, 6);
	CHECK_EQ(e.ino, 7);
	CHECK_EQ(e.uid, 1000);
	CHECK_EQ(e.gid, 100);
	CHECK_EQ(e.links, 2);
	CHECK_EQ(e.mtime, 86400);
	CHECK_EQ(e.device[0], 8);
	CHECK_EQ(e.device[1], 1);
	CHECK_EQ(e.size, 5);
	CHECK_EQ(memcmp(e.data, "hello", 5), 0);
	CHECK_EQ(e.archive, 0);
}

TEST(archives_that_follow_each_other_read_as_one)
{
	struct archive_entry e;
	struct built b;
	struct archive a;

	build(&b);
	a = open_archive(&b);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(archive_next(&a, &e), 1);
	CHECK_STR(e.name, "etc/motd");
	CHECK_EQ(e.archive, 1);
	CHECK_EQ(archive_next(&a, &e), 0);
	CHECK_EQ(archive_next(&a, &e), 0);
}

TEST(empty_archive_has_no_entries)
{
	struct archive a = {0};
	struct archive_entry e;

	CHECK_EQ(archive_next(&a, &e), 0);
}

/* Reads everything; the copy has no byte to spare, so a read past it is seen.
 */
static int
read_all(const unsigned char *bytes, size_t size)
{
	unsigned char *copy = malloc(size ? size : 1);
	struct archive a = {.bytes = copy, .size = size};
	struct archive_entry e;
	int result, count = 0;

	memcpy(copy, bytes, size);
	while ((result = archive_next(&a, &e)) > 0) {
		CHECK(strlen(e.name) == e.name_length);
		for (size_t i = 0; i < e.size; i++)
			CHECK(e.data + i < copy + size);
		CHECK(++count <= 5);
	}
	free(copy);
	return result;
}

TEST(archive_cut_at_every_byte_is_read_up_to_the_cut)
{
	struct built b;

	build(&b);
	for (size_t size = 0; size <= b.size; size++)
		read_all(b.bytes, size);
	CHECK_EQ(read_all(b.bytes, 100), -EINVAL);
	CHECK_EQ(read_all(b.bytes, b.size), 0);
}

TEST(archive_with_any_byte_changed_harms_nobody)
{
	struct built b;

	build(&b);
	for (size_t at = 0; at < b.size; at++) {
		unsigned char was = b.bytes[at];

		for (unsigned value = 0; value < 256; value += 5) {
			b.bytes[at] = (unsigned char)value;
			read_all(b.bytes, b.size);
		}
		b.bytes[at] = was;
	}
}

static int
with_field(unsigned field, const char *digits)
{
	struct built b = {0};

	add(&b, "name", 0100644, "data");
	memcpy(b.bytes + 6 + 8 * field, digits, 8);
	return read_all(b.bytes, b.size);
}

TEST(archive_refuses_lengths_that_it_does_not_have)
{
	CHECK_EQ(with_field(6, "ffffffff"), -EINVAL);
	CHECK_EQ(with_field(6, "00000005"), -EINVAL);
	CHECK_EQ(with_field(6, "00000004"), 0);
	CHECK_EQ(with_field(6, "0000000g"), -EINVAL);
	CHECK_EQ(with_field(11, "ffffffff"), -EINVAL);
	CHECK_EQ(with_field(11, "00000000"), -EINVAL);
	CHECK_EQ(with_field(11, "00000001"), -EINVAL);
	CHECK_EQ(with_field(11, "00000004"), -EINVAL);
	CHECK_EQ(with_field(11, "00000006"), -EINVAL);
}

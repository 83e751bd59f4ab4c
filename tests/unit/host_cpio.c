/*
 * The archives between host and guest, and what the host lets come back.
 *
 * with: tools/host/cpio.c tools/host/tree.c tools/host/buffer.c
 * with: tools/host/job.c tools/host/back.c
 */
#include "test.h"

#include "tools/host/job.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void
add_text(struct cpio *c, const char *name, unsigned mode, const char *text)
{
	cpio_add(c, &(struct cpio_entry){.name = name,
					 .mode = mode,
					 .data = text,
					 .size = strlen(text)});
}

static void
free_archive(struct cpio *c)
{
	buffer_free(&c->bytes);
	buffer_free(&c->names);
}

/* A new folder, the current one, with a folder `top` in it. */
static void
enter_folder(char *path)
{
	CHECK(mkdtemp(path) != NULL);
	CHECK(chdir(path) == 0);
	CHECK(mkdir("top", 0755) == 0);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *walk)
{
	(void)st;
	(void)type;
	(void)walk;
	return remove(path);
}

static void
leave_folder(const char *path)
{
	CHECK(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS) == 0);
}

static void
check_file(const char *path, const char *text)
{
	struct buffer b = {0};

	CHECK_EQ(buffer_load(&b, path), 0);
	buffer_zero(&b, 1);
	CHECK_STR(b.data, text);
	buffer_free(&b);
}

TEST(archive_reads_back_as_it_was_written)
{
	struct cpio c = {0};
	struct cpio_entry e;
	size_t at = 0;

	add_text(&c, "/a/b", S_IFREG | 0644, "text");
	cpio_end(&c);
	CHECK_EQ(c.bytes.used % 4, 0);
	CHECK_EQ(cpio_next(&c.bytes, &at, &e), 1);
	CHECK_STR(e.name, "a");
	CHECK(S_ISDIR(e.mode));
	CHECK_EQ(cpio_next(&c.bytes, &at, &e), 1);
	CHECK_STR(e.name, "a/b");
	CHECK_EQ(e.mode, S_IFREG | 0644);
	CHECK(e.size == 4 && memcmp(e.data, "text", 4) == 0);
	CHECK_EQ(cpio_next(&c.bytes, &at, &e), 0);
	CHECK(cpio_has(&c, "/a/b/"));
	CHECK(!cpio_has(&c, "/a/bc"));
	free_archive(&c);
}

TEST(archives_behind_one_another_read_as_one)
{
	struct cpio one = {0}, two = {0}, all = {0};

	add_text(&one, "one", S_IFREG | 0644, "1");
	cpio_end(&one);
	buffer_zero(&one.bytes, 512);
	add_text(&two, "two", S_IFREG | 0644, "2");
	cpio_end(&two);
	buffer_add(&one.bytes, two.bytes.data, two.bytes.used);
	CHECK(cpio_note(&all, &one.bytes));
	CHECK(cpio_has(&all, "one") && cpio_has(&all, "two"));
	free_archive(&one);
	free_archive(&two);
	free_archive(&all);
}

TEST(archive_cut_anywhere_is_refused_or_ends)
{
	struct cpio c = {0};
	size_t size;

	add_text(&c, "folder/file", S_IFREG | 0644, "some bytes of text");
	cpio_end(&c);
	for (size = 0; size <= c.bytes.used; size++) {
		struct buffer cut = {0};
		struct cpio seen = {0};

		buffer_add(&cut, c.bytes.data, size);
		cpio_note(&seen, &cut);
		buffer_free(&cut);
		free_archive(&seen);
	}
	free_archive(&c);
}

static void
unpack(struct cpio *came, const struct cpio *sent, bool good)
{
	char guest[] = "/data";
	struct volume v = {.host = "top", .guest = guest, .writable = true};
	struct job job = {.volumes = &v, .volume_count = 1};

	cpio_end(came);
	CHECK_EQ(back_unpack(&job, sent, &came->bytes), good);
	free_archive(came);
}

TEST(archive_that_lacks_its_end_is_not_whole)
{
	struct cpio c = {0};
	size_t size;

	add_text(&c, "a/b", S_IFREG | 0644, "text");
	cpio_end(&c);
	CHECK(cpio_whole(&c.bytes));
	for (size = c.bytes.used; size-- > 0;) {
		c.bytes.used = size;
		CHECK(!cpio_whole(&c.bytes));
	}
	free_archive(&c);
}

TEST(what_came_back_replaces_adds_and_removes)
{
	char path[] = "/tmp/test.XXXXXX";
	struct cpio sent = {0}, came = {0};

	enter_folder(path);
	add_text(&sent, "data/gone", S_IFREG | 0644, "1");
	add_text(&sent, "data/kept", S_IFREG | 0644, "2");
	CHECK(symlink("kept", "top/gone") == 0);
	add_text(&came, "0/kept", S_IFREG | 0755, "new");
	add_text(&came, "0/deep/er", S_IFREG | 0600, "");
	unpack(&came, &sent, true);
	check_file("top/kept", "new");
	check_file("top/deep/er", "");
	CHECK_ERRNO(access("top/gone", F_OK), ENOENT);
	free_archive(&sent);
	leave_folder(path);
}

TEST(nothing_that_came_back_leaves_its_folder)
{
	static const char *const names[] = {"0/../out", "0/link/out", "0//out",
					    "0/./out"};
	char path[] = "/tmp/test.XXXXXX";
	size_t i;

	enter_folder(path);
	CHECK(mkdir("elsewhere", 0755) == 0);
	CHECK(symlink("../elsewhere", "top/link") == 0);
	for (i = 0; i < sizeof names / sizeof *names; i++) {
		struct cpio sent = {0}, came = {0};

		/* Known as sent already, so that the link stays a link. */
		buffer_text(&came.names, "0/link");
		buffer_zero(&came.names, 1);
		add_text(&came, names[i], S_IFREG | 0644, "bad");
		unpack(&came, &sent, false);
		CHECK_ERRNO(access("out", F_OK), ENOENT);
		CHECK_ERRNO(access("elsewhere/out", F_OK), ENOENT);
	}
	leave_folder(path);
}

/*
 * file:, sentence by sentence: contents, space, mappings, rights, the boot
 * archive, and what happens when memory runs out at every allocation.
 */
/* clang-format off */
/* with: schemes/file/walk.c schemes/file/tree.c schemes/file/change.c schemes/file/rename.c schemes/file/dir.c */
/* with: schemes/file/open.c schemes/file/content_fill.c schemes/file/unpack.c schemes/file/names.c */
/* with: schemes/file/page_index.c schemes/file/space.c schemes/file/file.c kernel/archive.c kernel/scheme_help.c */
/* clang-format on */
#include "file_ram.h"

TEST_SECONDS(120);

#define P ((uint64_t)PAGE_SIZE)

static void
begin(void)
{
	CHECK_EQ(file_scheme.init(), 0);
}

/* Everything goes, the root too. */
static void
end(void)
{
	ram_clear("");
	tree_root->parent = NULL;
	inode_put(tree_root);
	CHECK_EQ(fake_pages, 0);
	CHECK_EQ(fake_blocks, 0);
}

static struct file *
open_new(const char *path)
{
	int error;
	struct file *file = ram_open(path, KO_CREAT | KO_RDWR, 0644, &error);

	CHECK_EQ(error, 0);
	return file;
}

TEST(file_keeps_what_is_written_with_holes_between)
{
	char data[3 * PAGE_SIZE], back[3 * PAGE_SIZE];
	struct file *file;

	begin();
	file = open_new("a");
	memset(data, 'x', sizeof data);
	CHECK_EQ(ram_write(file, data, 10, 5 * P - 4), 10);
	CHECK_EQ(ram_write(file, data, sizeof data, 1ull << 40), sizeof data);
	CHECK_EQ(ram_stat("a").st_size, (1ll << 40) + 3 * (int64_t)P);
	CHECK_EQ(ram_stat("a").st_blocks, 5 * 8);
	CHECK_EQ(ram_read(file, back, 8, 5 * P - 6), 8);
	CHECK_EQ(memcmp(back, "\0\0xxxxxx", 8), 0);
	CHECK_EQ(ram_read(file, back, sizeof back, (1ull << 40) - P),
		 sizeof back);
	CHECK_EQ(back[P - 1], 0);
	CHECK_EQ(back[P], 'x');
	CHECK_EQ(ram_read(file, back, 10, (1ull << 40) + 3 * P), 0);
	ram_close(file);
	CHECK_EQ(ram_remove(file_scheme.unlink, "a"), 0);
	CHECK_EQ(fake_pages, 0);
}

TEST(file_ends_at_the_largest_offset)
{
	struct file *file;

	begin();
	file = open_new("a");
	CHECK_EQ(ram_write(file, "xy", 2, INT64_MAX), -EFBIG);
	CHECK_EQ(ram_write(file, "xy", 2, INT64_MAX - 1), 1);
	CHECK_EQ(ram_stat("a").st_size, INT64_MAX);
	ram_close(file);
}

TEST(file_that_is_cut_shows_zeroes_when_it_grows_again)
{
	char data[2 * PAGE_SIZE], back[2 * PAGE_SIZE];
	struct file *file;

	begin();
	file = open_new("a");
	memset(data, 'x', sizeof data);
	CHECK_EQ(ram_write(file, data, sizeof data, 0), sizeof data);
	CHECK_EQ(file_scheme.ftruncate(file, 100), 0);
	CHECK_EQ(fake_pages, 1);
	CHECK_EQ(file_scheme.ftruncate(file, 2 * P), 0);
	CHECK_EQ(ram_read(file, back, sizeof back, 0), sizeof back);
	for (unsigned i = 0; i < sizeof back; i++)
		CHECK_EQ(back[i], i < 100 ? 'x' : 0);
	ram_close(file);
}

TEST(file_mapping_is_the_files_own_pages)
{
	struct vm_object *object;
	struct page *page, *again;
	struct file *file;
	char name[64], back[8];

	begin();
	file = open_new("a");
	CHECK_EQ(ram_write(file, "hello", 5, 0), 5);
	CHECK_EQ(file_scheme.mmap(file, &object), 0);
	object->ops->name(object, name, sizeof name);
	CHECK_STR(name, "/a");
	CHECK_EQ(object->ops->page(object, 0, &page), 0);
	CHECK_EQ(memcmp(page_address(page), "hello\0", 6), 0);
	memcpy(page_address(page), "HELLO, world", 12);
	CHECK_EQ(ram_read(file, back, 8, 0), 5);
	CHECK_EQ(memcmp(back, "HELLO", 5), 0);
	/* what a mapping wrote past the end is no part of the file */
	CHECK_EQ(ram_write(file, "!", 1, 7), 1);
	CHECK_EQ(ram_read(file, back, 8, 0), 8);
	CHECK_EQ(memcmp(back, "HELLO\0\0!", 8), 0);
	CHECK_EQ(object->ops->page(object, 1, &again), -EFAULT);
	CHECK_EQ(file_scheme.ftruncate(file, 0), 0);
	CHECK_EQ(object->ops->page(object, 0, &again), -EFAULT);
	CHECK_EQ(page->refs, 1); /* ours stays */
	page_put(page);
	ram_close(file);
	CHECK_EQ(ram_remove(file_scheme.unlink, "a"), 0);
	CHECK(fake_blocks > 0);
	object->ops->put(object);
	CHECK_EQ(fake_pages, 0);
}

TEST(file_that_was_removed_lives_until_it_is_closed)
{
	struct file *file;
	char back[4], path[64];

	begin();
	file = open_new("a");
	CHECK_EQ(ram_write(file, "abc", 3, 0), 3);
	CHECK_EQ(ram_remove(file_scheme.unlink, "a"), 0);
	CHECK_EQ(ram_read(file, back, 3, 0), 3);
	CHECK_EQ(file_scheme.path_of(file, path, sizeof path), -ENOENT);
	ram_close(file);
	CHECK_EQ(fake_pages, 0);
}

TEST(file_appends_at_its_end)
{
	struct file *file;
	char back[8];
	int error;

	begin();
	ram_close(open_new("a"));
	file = ram_open("a", KO_RDWR | KO_APPEND, 0, &error);
	CHECK_EQ(ram_write(file, "abc", 3, 100), 3);
	CHECK_EQ(ram_write(file, "def", 3, 0), 3);
	CHECK_EQ(ram_read(file, back, 8, 0), 6);
	CHECK_EQ(memcmp(back, "abcdef", 6), 0);
	ram_close(file);
}

TEST(file_write_from_bad_memory_leaves_no_trace)
{
	static char data[2 * PAGE_SIZE];
	struct file *file;
	char back[8];

	begin();
	file = open_new("a");
	memset(data, 'x', sizeof data);
	fake_bad = (uintptr_t)data + PAGE_SIZE;
	CHECK_EQ(ram_write(file, data, 2 * PAGE_SIZE, 0), PAGE_SIZE);
	CHECK_EQ(ram_write(file, data + PAGE_SIZE, 5, P), -EFAULT);
	fake_bad = 0;
	CHECK_EQ(ram_stat("a").st_size, P);
	CHECK_EQ(file_scheme.ftruncate(file, 2 * P), 0);
	CHECK_EQ(ram_read(file, back, 8, P), 8);
	CHECK_EQ(memcmp(back, "\0\0\0\0\0\0\0\0", 8), 0);
	ram_close(file);
}

/* Fills the disk with one file; how many bytes went in. */
static int64_t
fill_disk(struct file *file)
{
	static const char data[PAGE_SIZE];
	int64_t total = 0, done;

	while ((done = ram_write(file, data, sizeof data, (uint64_t)total)) > 0)
		total += done;
	CHECK_EQ(done, -ENOSPC);
	return total;
}

TEST(file_full_disk_says_so_and_takes_more_after_removals)
{
	struct file *file;
	int64_t first;

	file_set_limit(100 * P);
	begin();
	file = open_new("a");
	first = fill_disk(file);
	CHECK(first > 90 * (int64_t)P && first < 100 * (int64_t)P);
	for (int i = 0; i < 100; i++)
		if (ram_touch((char[]){'b', (char)('0' + i), 0}, 0644))
			break;
	CHECK_EQ(ram_touch("c", 0644), -ENOSPC);
	CHECK_EQ(RAM(mkdir, "c", 0755), -ENOSPC);
	CHECK_EQ(file_scheme.ftruncate(file, 0), 0);
	CHECK_EQ(ram_touch("c", 0644), 0);
	ram_close(file);
	CHECK_EQ(ram_remove(file_scheme.unlink, "a"), 0);
	file = open_new("c");
	CHECK(fill_disk(file) > 80 * (int64_t)P);
	ram_close(file);
}

static void
become(uint32_t uid, uint32_t gid)
{
	fake_cred = (struct cred){uid, uid, uid, gid, gid, gid};
}

TEST(file_rights_are_asked_on_every_component)
{
	int error;

	begin();
	CHECK_EQ(RAM(mkdir, "closed", 0700), 0);
	CHECK_EQ(RAM(mkdir, "closed/in", 0777), 0);
	CHECK_EQ(RAM(mkdir, "open", 0755), 0);
	CHECK_EQ(ram_touch("open/secret", 0600), 0);
	CHECK_EQ(ram_touch("open/group", 0640), 0);
	CHECK_EQ(RAM(chown, "open/group", true, 0, 7), 0);
	become(5, 7);
	CHECK_EQ(RAM(stat, "closed/in", true, &(struct abi_stat){0}), -EACCES);
	CHECK(!ram_open("open/secret", KO_RDONLY, 0, &error));
	CHECK_EQ(error, -EACCES);
	CHECK(!ram_open("open/group", KO_RDWR, 0, &error));
	CHECK_EQ(error, -EACCES);
	ram_close(ram_open("open/group", KO_RDONLY, 0, &error));
	CHECK_EQ(ram_touch("open/new", 0644), -EACCES);
	CHECK_EQ(ram_remove(file_scheme.unlink, "open/group"), -EACCES);
	CHECK_EQ(RAM(chmod, "open/group", 0666), -EPERM);
	CHECK_EQ(RAM(chown, "open/group", true, 5, 7), -EPERM);
}

TEST(file_sticky_directory_guards_what_is_others)
{
	begin();
	CHECK_EQ(RAM(mkdir, "tmp", 0777), 0);
	CHECK_EQ(RAM(chmod, "tmp", 01777), 0);
	become(5, 5);
	CHECK_EQ(ram_touch("tmp/five", 0666), 0);
	become(6, 6);
	CHECK_EQ(ram_remove(file_scheme.unlink, "tmp/five"), -EPERM);
	CHECK_EQ(ram_touch("tmp/six", 0666), 0);
	CHECK_EQ(ram_remove(file_scheme.unlink, "tmp/six"), 0);
	become(0, 0);
	CHECK_EQ(ram_remove(file_scheme.unlink, "tmp/five"), 0);
}

TEST(file_loses_set_ids_by_write_and_by_change_of_owner)
{
	struct thread self = {0};
	struct uio uio = {.kernel = (char[]){"x"}, .left = 1};
	uint64_t offset = 0;
	struct file *file;

	begin();
	become(5, 5);
	CHECK_EQ(RAM(chmod, "", 0777), -EPERM);
	become(0, 0);
	CHECK_EQ(RAM(chmod, "", 0777), 0);
	become(5, 5);
	file = open_new("a");
	CHECK_EQ(RAM(chmod, "a", 06755), 0);
	CHECK_EQ(file_scheme.write(&self, file, &uio, &offset), 1);
	CHECK_EQ(ram_stat("a").st_mode, KS_IFREG | 0755);
	CHECK_EQ(RAM(chmod, "a", 06755), 0);
	become(0, 0);
	CHECK_EQ(RAM(chown, "a", true, 6, UINT32_MAX), 0);
	CHECK_EQ(ram_stat("a").st_mode, KS_IFREG | 0755);
	CHECK_EQ(ram_stat("a").st_uid, 6);
	CHECK_EQ(ram_stat("a").st_gid, 5);
	ram_close(file);
}

TEST(file_links_that_leave_the_scheme_are_handed_back)
{
	struct place at;

	begin();
	CHECK_EQ(ram_symlink("proc:/self", "a"), 0);
	at = ram_at("a/x/");
	CHECK_EQ(file_scheme.stat(&at, true, &(struct abi_stat){0}),
		 -EREDIRECT);
	CHECK_STR(at.redirect, "proc:/self/x/");
	heap_free(at.redirect);
}

TEST(file_rename_moves_directories_with_all_that_is_in_them)
{
	struct file *inside;
	char path[64];
	int error;

	begin();
	CHECK_EQ(RAM(mkdir, "a", 0755), 0);
	CHECK_EQ(RAM(mkdir, "a/b", 0755), 0);
	CHECK_EQ(RAM(mkdir, "c", 0755), 0);
	inside = ram_open("a/b", KO_RDONLY, 0, &error);
	CHECK_EQ(ram_stat("a").st_nlink, 3);
	CHECK_EQ(ram_two(file_scheme.rename, "a", "a/b/x"), -EINVAL);
	CHECK_EQ(ram_two(file_scheme.rename, "a/b", "c"), 0);
	CHECK_EQ(ram_stat("a").st_nlink, 2);
	CHECK_EQ(file_scheme.path_of(inside, path, sizeof path), 2);
	CHECK_STR(path, "/c");
	CHECK_EQ(ram_stat("c/..").st_ino, ram_stat("").st_ino);
	ram_close(inside);
}

TEST(file_listing_gives_dots_and_types)
{
	char buf[256] = "";
	struct uio uio = {.kernel = buf, .left = 100};
	struct abi_dirent *entry = (struct abi_dirent *)(void *)buf;
	uint64_t offset = 0;
	struct file *file;
	int error;

	begin();
	CHECK_EQ(RAM(mkdir, "d", 0755), 0);
	CHECK_EQ(ram_touch("file", 0644), 0);
	file = ram_open("", KO_RDONLY, 0, &error);
	CHECK_EQ(file_scheme.getdents(file, &uio, &offset), 96);
	CHECK_STR(entry->d_name, ".");
	CHECK_EQ(entry->d_reclen, 24);
	CHECK_EQ(entry->d_type, KDT_DIR);
	entry = (struct abi_dirent *)(void *)(buf + 72);
	CHECK_STR(entry->d_name, "file");
	CHECK_EQ(entry->d_type, KDT_REG);
	CHECK_EQ(entry->d_off, (int64_t)offset);
	CHECK_EQ(file_scheme.getdents(file, &uio, &offset), 0);
	offset = 0;
	uio.left = 23;
	CHECK_EQ(file_scheme.getdents(file, &uio, &offset), -EINVAL);
	ram_close(file);
}

/* ---- the boot archive ---- */

static char boot_bytes[65536];
static size_t boot_size;

static void
boot_add(const char *name, unsigned mode, unsigned ino, const char *data,
	 size_t n)
{
	char *at = boot_bytes + boot_size;

	at += sprintf(at, "070701%08x%08x%08x%08x%08x%08x%08zx%032x%08zx%08x%s",
		      ino, mode, 3, 4, ino ? 2 : 1, 86400, n, 0,
		      strlen(name) + 1, 0, name) +
	      1;
	while ((at - boot_bytes) % 4)
		*at++ = 0;
	memcpy(at, data, n);
	at += n;
	while ((at - boot_bytes) % 4)
		*at++ = 0;
	boot_size = (size_t)(at - boot_bytes);
}

TEST(file_is_filled_from_the_boot_archive)
{
	static char data[5000], back[5001];
	struct file *file;
	int error;

	memset(data, 'x', sizeof data);
	boot_add(".", 041777, 0, "", 0);
	boot_add("./bin/deep/tool", 0104755, 0, data, sizeof data);
	boot_add("bin/deep", 040700, 0, "", 0);
	boot_add("link", 0120777, 0, "bin/deep/tool", 13);
	boot_add("/one", 0100644, 9, "", 0);
	boot_add("two", 0100644, 9, "both", 4);
	boot_add("one-more", 0100644, 0, "old", 3);
	boot_add("TRAILER!!!", 0, 0, "", 0);
	boot_add("one-more", 0100600, 0, "replaced", 8);
	boot_add("up/../../etc", 0100644, 0, "", 0);
	boot_add("device", 020644, 0, "", 0);
	boot_add("bin", 0100644, 0, "", 0);
	file_set_archive(boot_bytes, boot_size);
	begin();
	CHECK_EQ(fake_lines, 3);
	CHECK_EQ(ram_stat("").st_mode, 041777);
	CHECK_EQ(ram_stat("bin/deep/tool").st_mode, 0104755);
	CHECK_EQ(ram_stat("bin/deep/tool").st_uid, 3);
	CHECK_EQ(ram_stat("bin/deep/tool").st_gid, 4);
	CHECK_EQ(ram_stat("bin/deep/tool").st_mtim.tv_sec, 86400);
	CHECK_EQ(ram_stat("bin/deep").st_mode, 040700);
	CHECK_EQ(ram_stat("one").st_ino, ram_stat("two").st_ino);
	CHECK_EQ(ram_stat("one").st_size, 4);
	CHECK_EQ(ram_stat("one-more").st_size, 8);
	file = ram_open("link", KO_RDONLY, 0, &error);
	CHECK_EQ(ram_read(file, back, sizeof back, 0), sizeof data);
	CHECK_EQ(memcmp(data, back, sizeof data), 0);
	ram_close(file);
}

TEST(file_damaged_boot_archive_leaves_what_was_read)
{
	for (size_t cut = 0; cut < boot_size || cut == 0; cut++) {
		boot_size = 0;
		boot_add("a", 0100644, 0, "data", 4);
		boot_add("b", 0120777, 0, "a", 1);
		file_set_archive(boot_bytes, cut);
		begin();
		end();
	}
}

/* ---- memory that runs out ---- */

/* Some of everything; errors are as good as results. */
static void
live(void)
{
	struct vm_object *object;
	struct page *page;
	struct file *file;
	int error;

	RAM(mkdir, "d", 0755);
	ram_touch("d/a", 0644);
	ram_symlink("d/a", "s");
	ram_two(file_scheme.link, "d/a", "b");
	file = ram_open("s", KO_RDWR, 0, &error);
	if (file) {
		ram_write(file, "hello", 5, 3 * P);
		if (!file_scheme.mmap(file, &object)) {
			if (!object->ops->page(object, 1, &page))
				page_put(page);
			object->ops->put(object);
		}
		file_scheme.ftruncate(file, P);
		ram_close(file);
	}
	ram_two(file_scheme.rename, "d/a", "d/c");
	ram_two(file_scheme.rename, "d", "e");
	ram_remove(file_scheme.rmdir, "e");
	ram_remove(file_scheme.unlink, "b");
}

TEST(file_without_memory_at_any_point_loses_nothing)
{
	long blocks, used = 1;

	begin();
	live();
	ram_clear("");
	blocks = fake_blocks;
	for (long fail = 1; used; fail++) {
		fake_fail = fail;
		live();
		used = fake_fail == 0;
		fake_fail = 0;
		ram_clear("");
		CHECK_EQ(fake_blocks, blocks);
		CHECK_EQ(fake_pages, 0);
	}
	end();
}

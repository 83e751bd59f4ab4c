/*
 * A scheme leaves a namespace with its descriptors, all or none of it.
 *
 * with: kernel/file.c
 */
#include "file_fake.h"
#include "kernel/fd_table.c" /* with our locks */
#include "kernel/fd.c"
#include "kernel/namespace.c"

static struct process process;
static struct thread self = {.process = &process};
static int closed;

static void
count_close(struct file *file)
{
	(void)file;
	closed++;
}

static void
no_free(struct file *file)
{
	(void)file;
}

static const struct scheme_ops a = {
	.bit = 1, .close = count_close, .free = no_free};
static const struct scheme_ops b = {
	.bit = 2, .close = count_close, .free = no_free};

enum { OPEN = 40 };

/* Descriptors 0 to OPEN - 1: the even ones are a's. */
static void
begin(void)
{
	process.files = fd_table_create();
	CHECK(process.files);
	for (int fd = 0; fd < OPEN; fd++) {
		struct file *file = file_create(fd % 2 ? &b : &a, KO_RDONLY);

		CHECK(file);
		CHECK_EQ(fd_install(&self, file, true, 0), fd);
	}
	closed = 0;
}

static bool
is_open(int fd)
{
	return fd_cloexec(&self, fd) == 1;
}

static void
end(int expected)
{
	CHECK_EQ(closed, expected);
	fd_table_close_all(process.files, false);
	CHECK_EQ(closed, OPEN);
	fd_table_free(process.files);
	CHECK_EQ(fake_blocks, 0);
}

/* Nothing has changed. */
static void
is_whole(void)
{
	CHECK(namespace_has(&self, &a));
	CHECK_EQ(closed, 0);
	for (int fd = 0; fd < OPEN; fd++)
		CHECK(is_open(fd));
}

TEST(namespace_loses_a_scheme_with_all_its_descriptors)
{
	begin();
	CHECK_EQ(namespace_drop(&self, &a, NULL, 0), 0);
	CHECK(!namespace_has(&self, &a));
	CHECK(namespace_has(&self, &b));
	for (int fd = 0; fd < OPEN; fd++)
		CHECK_EQ(is_open(fd), fd % 2);
	CHECK_EQ(fd_duplicate(&self, 1, true, 0), 0);
	CHECK_EQ(fd_duplicate(&self, 1, true, 0), 2);
	end(OPEN / 2);
}

TEST(namespace_drop_leaves_what_is_kept_as_it_was)
{
	const int keep[] = {4, 38, 4, 0};

	begin();
	CHECK_EQ(fd_set_cloexec(&self, 38, false), 0);
	CHECK_EQ(namespace_drop(&self, &a, keep, 4), 0);
	for (int fd = 0; fd < OPEN; fd++)
		CHECK_EQ(fd_cloexec(&self, fd), fd == 38 ? 0
						: fd % 2 || fd == 4 || fd == 0
							? 1
							: -EBADF);
	CHECK_EQ(fd_duplicate(&self, 4, true, 0), 2);
	end(OPEN / 2 - 3);
}

TEST(namespace_drop_that_is_refused_changes_nothing)
{
	static const int wrong[] = {-1,		1,	   OPEN,     FD_MAX,
				    FD_MAX - 1, INT32_MAX, INT32_MIN};

	begin();
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		const int keep[] = {0, wrong[i]};

		CHECK_EQ(namespace_drop(&self, &a, keep, 2), -EBADF);
		is_whole();
	}
	fake_fail = 1;
	CHECK_EQ(namespace_drop(&self, &a, NULL, 0), -ENOMEM);
	is_whole();
	CHECK_EQ(namespace_drop(&self, &a, NULL, 0), 0);
	CHECK_EQ(namespace_drop(&self, &a, NULL, 0), -ENOENT);
	end(OPEN / 2);
}

TEST(namespace_is_copied_with_the_descriptors)
{
	struct fd_table *copy;

	begin();
	CHECK_EQ(namespace_drop(&self, &a, NULL, 0), 0);
	copy = fd_table_copy(process.files);
	CHECK(copy);
	CHECK(!fd_table_names(copy, &a));
	CHECK(fd_table_names(copy, &b));
	fd_table_close_all(copy, false);
	fd_table_free(copy);
	end(OPEN / 2);
}

TEST(namespace_of_the_kernel_has_everything)
{
	CHECK(namespace_has(NULL, &a));
	CHECK(namespace_has(&(struct thread){0}, &a));
}

/*
 * Descriptors and open files: when a file is closed, when it is freed, and that
 * each happens once.
 *
 * with: kernel/file.c
 */
#include "file_fake.h"
#include "kernel/fd_table.c" /* with our locks */
#include "kernel/fd.c"

static struct process process;
static struct thread self = {.process = &process};
static int closed, freed;

static void
count_close(struct file *file)
{
	(void)file;
	CHECK_EQ(freed, 0);
	closed++;
}

static void
count_free(struct file *file)
{
	(void)file;
	freed++;
}

static const struct scheme_ops ops = {
	.bit = 2, .close = count_close, .free = count_free};

static struct file *
begin(void)
{
	struct file *file = file_create(&ops, KO_RDONLY);

	CHECK(file);
	if (!process.files)
		process.files = fd_table_create();
	CHECK(process.files);
	closed = freed = 0;
	return file;
}

static void
end(void)
{
	fd_table_close_all(process.files, false);
	fd_table_free(process.files);
	CHECK_EQ(fake_blocks, 0);
}

TEST(fd_is_the_lowest_free_one)
{
	struct file *file = begin();

	for (int i = 0; i < 100; i++) {
		file_get(file);
		CHECK_EQ(fd_install(&self, file, false, 0), i);
	}
	CHECK_EQ(fd_close(&self, 70), 0);
	CHECK_EQ(fd_close(&self, 7), 0);
	CHECK_EQ(fd_close(&self, 7), -EBADF);
	file_get(file);
	CHECK_EQ(fd_install(&self, file, false, 8), 70);
	file_get(file);
	CHECK_EQ(fd_install(&self, file, false, 0), 7);
	file_get(file);
	CHECK_EQ(fd_install(&self, file, false, 500), 500);
	file_get(file);
	CHECK_EQ(fd_install(&self, file, false, 0), 100);
	CHECK(!fd_get(&self, -1));
	CHECK(!fd_get(&self, 499));
	CHECK(!fd_get(&self, 1 << 30));
	file_put(file);
	CHECK_EQ(freed, 0);
	end();
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 1);
}

TEST(fd_numbers_end_at_the_limit)
{
	struct file *file = begin();

	CHECK_EQ(fd_install(&self, file, false, FD_MAX), -EMFILE);
	CHECK_EQ(fd_install(&self, file, false, FD_MAX - 1), FD_MAX - 1);
	CHECK_EQ(fd_replace(&self, FD_MAX - 1, false, FD_MAX), -EBADF);
	CHECK_EQ(fd_replace(&self, FD_MAX - 1, false, -1), -EBADF);
	CHECK_EQ(fd_duplicate(&self, FD_MAX - 1, false, FD_MAX - 1), -EMFILE);
	file_get(file);
	CHECK_EQ(fd_install(&self, file, false, FD_MAX - 1), -EMFILE);
	file_put(file);
	end();
}

TEST(fd_last_close_comes_while_a_call_is_inside)
{
	struct file *file = begin(), *inside;

	CHECK_EQ(fd_install(&self, file, false, 0), 0);
	inside = fd_get(&self, 0);
	CHECK(inside == file);
	CHECK_EQ(fd_close(&self, 0), 0);
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 0);
	/* nothing brings it back */
	CHECK_EQ(fd_install(&self, inside, false, 0), -EBADF);
	file_put(inside);
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 1);
	end();
}

TEST(fd_less_file_is_closed_before_it_is_freed)
{
	struct file *file = begin();

	file_put(file);
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 1);
	end();
}

TEST(fd_tables_copied_share_their_files)
{
	struct file *file = begin();
	struct fd_table *copy;

	CHECK_EQ(fd_install(&self, file, true, 40), 40);
	copy = fd_table_copy(process.files);
	CHECK(copy);
	CHECK_EQ(fd_close(&self, 40), 0);
	CHECK_EQ(closed, 0);
	fd_table_close_all(copy, true);
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 1);
	fd_table_free(copy);
	end();
}

TEST(fd_replaced_closes_what_was_there)
{
	struct file *file = begin(), *other = file_create(&ops, 0);

	CHECK_EQ(fd_install(&self, file, true, 0), 0);
	CHECK_EQ(fd_cloexec(&self, 0), 1);
	CHECK_EQ(fd_install(&self, other, true, 0), 1);
	CHECK_EQ(fd_replace(&self, 1, false, 0), 0);
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 1);
	CHECK_EQ(fd_close(&self, 1), 0);
	CHECK_EQ(closed, 1);
	CHECK_EQ(fd_replace(&self, 1, false, 0), -EBADF);
	CHECK_EQ(fd_duplicate(&self, 1, false, 0), -EBADF);
	freed = 0;
	CHECK_EQ(fd_cloexec(&self, 0), 0);
	CHECK_EQ(fd_set_cloexec(&self, 0, true), 0);
	CHECK_EQ(fd_set_cloexec(&self, 1, true), -EBADF);
	CHECK_EQ(fd_cloexec(&self, 0), 1);
	end();
}

static bool
is_it(struct file *file, void *arg)
{
	return file == arg;
}

static void
count_visit(int fd, struct file *file, bool cloexec, void *arg)
{
	(void)file;
	CHECK_EQ(cloexec, fd == 1);
	++*(int *)arg;
}

TEST(fd_tables_are_walked_and_weeded)
{
	struct file *file = begin(), *other = file_create(&ops, 0);
	int count = 0;

	file_get(file);
	CHECK_EQ(fd_install(&self, file, false, 0), 0);
	CHECK_EQ(fd_install(&self, other, true, 0), 1);
	CHECK_EQ(fd_install(&self, file, false, 0), 2);
	fd_table_for_each(process.files, count_visit, &count);
	CHECK_EQ(count, 3);
	fd_table_close_if(process.files, is_it, file);
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 1);
	freed = 0;
	CHECK(!fd_get(&self, 2));
	count = 0;
	fd_table_for_each(process.files, count_visit, &count);
	CHECK_EQ(count, 1);
	end();
}

TEST(fd_of_a_scheme_that_was_dropped_is_not_installed_but_duplicated)
{
	struct file *file = begin();

	file_get(file);
	CHECK_EQ(fd_install(&self, file, true, 0), 0);
	atomic_fetch_and(&process.files->schemes, ~ops.bit);
	CHECK_EQ(fd_install(&self, file, false, 0), -ENOENT);
	CHECK_EQ(fd_duplicate(&self, 0, true, 0), 1);
	CHECK_EQ(fd_cloexec(&self, 1), 1);
	CHECK_EQ(fd_replace(&self, 1, false, 5), 5);
	file_put(file);
	end();
	CHECK_EQ(closed, 1);
	CHECK_EQ(freed, 1);
}

TEST(fd_tables_without_memory_stay_as_they_are)
{
	struct file *file = begin();

	fake_fail = 1;
	CHECK_EQ(fd_install(&self, file, false, 1000), -ENOMEM);
	for (fake_fail = 1; fake_fail < 3; fake_fail++) {
		long at = fake_fail;

		CHECK(!fd_table_copy(process.files));
		CHECK_EQ(fake_fail, 0);
		fake_fail = at;
	}
	fake_fail = 0;
	CHECK_EQ(fd_install(&self, file, false, 1000), 1000);
	end();
}

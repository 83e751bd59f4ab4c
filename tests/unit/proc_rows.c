/*
 * The table of proc:'s files: what a row says is what is asked at an open, and
 * what it does not say is refused.
 *
 * with: kernel/format.c kernel/text.c
 */
#include "lock_fake.h" /* before what locks */
#include "heap_fake.h"
#include "schemes/proc/look.c" /* with our locks and rows */

static struct process process = {.pid = 7}, first = {.pid = 1};
static struct thread self = {.process = &process};
static enum right asked;

/* ---- rows ---- */

static const struct proc_row args_ours = {
	.name = "args",
	.mode = KS_IFREG | 0666,
};
static const struct proc_row regs_ours = {
	.name = "regs",
	.mode = KS_IFREG | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
};
static const struct proc_row status_ours = {
	.name = "status",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
};
static const struct proc_row new_ours = {
	.name = "new",
	.mode = KS_IFREG | 0666,
	.in = IN_ROOT,
};
static const struct proc_row new_bin_ours = {
	.name = "new.bin",
	.mode = KS_IFREG | 0666,
	.in = IN_ROOT,
	.reads = RIGHT_PUBLIC,
};
const struct proc_row fd_row = {.in = IN_FD};

const struct proc_row *const proc_rows[] = {
	&args_ours, &regs_ours, &status_ours, &new_ours, &new_bin_ours};
const unsigned proc_row_count = 5;

/* ---- what the source calls ---- */

struct asker
rights_asker(struct thread *thread)
{
	return (struct asker){.process = thread->process};
}

int
rights_ask(const struct asker *asker, struct process *target, enum right right)
{
	CHECK(asker->process == &process);
	CHECK(target == &first);
	asked = right;
	return right == RIGHT_NOBODY ? -EACCES : 0;
}

struct process *
process_find(uint32_t pid)
{
	return pid == first.pid ? &first : NULL;
}

void
process_get(struct process *p)
{
	atomic_fetch_add(&p->refs, 1);
}

void
process_put(struct process *p)
{
	(void)p;
}

struct thread *
process_thread(struct process *p, uint32_t tid)
{
	(void)p, (void)tid;
	return NULL;
}

void
thread_get(struct thread *thread)
{
	(void)thread;
}

void
thread_put(struct thread *thread)
{
	(void)thread;
}

struct file *
fd_table_get(struct fd_table *table, unsigned fd, bool *cloexec)
{
	(void)table, (void)fd, (void)cloexec;
	return NULL;
}

void
file_end(struct file *file)
{
	(void)file;
}

/* ---- cases ---- */

static int
try_open(const char *path, unsigned flags)
{
	struct place at = {.thread = &self, .path = path};
	struct asker asker = rights_asker(&self);
	struct spot spot;
	int error = spot_find(&at, &spot);

	CHECK_EQ(error, 0);
	error = spot_ask(&asker, &spot, flags);
	spot_end(&spot);
	return error;
}

TEST(row_of_the_root_that_names_no_right_is_nobodys)
{
	CHECK_EQ(try_open("new", KO_RDONLY), -EACCES);
	CHECK_EQ(try_open("new", KO_WRONLY), -EACCES);
	CHECK_EQ(try_open("new", KO_RDWR), -EACCES);
	CHECK_EQ(try_open("new.bin", KO_RDONLY), 0);
	CHECK_EQ(try_open("new.bin", KO_WRONLY), -EACCES);
	CHECK_EQ(try_open("new.bin", KO_RDWR), -EACCES);
}

TEST(row_of_a_process_asks_for_the_right_of_each_way_that_it_is_opened)
{
	CHECK_EQ(try_open("1/args", KO_RDONLY), -EACCES);
	CHECK_EQ(try_open("1/args", KO_WRONLY), -EACCES);
	CHECK_EQ(try_open("1/regs", KO_RDONLY), 0);
	CHECK_EQ(asked, RIGHT_OBSERVE);
	CHECK_EQ(try_open("1/regs", KO_WRONLY), 0);
	CHECK_EQ(asked, RIGHT_CONTROL);
	CHECK_EQ(try_open("1/status", KO_RDONLY), 0);
	CHECK_EQ(asked, RIGHT_PUBLIC);
	CHECK_EQ(try_open("1/status", KO_RDWR), -EACCES);
}

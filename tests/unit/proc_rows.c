/*
 * The table of proc:'s files: what a row says is what is asked at an open, and
 * what it does not say is refused.
 *
 * with: kernel/format.c kernel/text.c
 */
#include "lock_fake.h" /* before what locks */
#include "heap_fake.h"
#include "schemes/proc/proc.c" /* with our locks and rows */

static struct process process = {.pid = 7}, first = {.pid = 1};
static struct thread self = {.process = &process};
static enum right asked;

/* ---- rows ---- */

#define ROW(n)                                                                 \
	const struct proc_row n##_row = {.name = #n, .mode = KS_IFREG | 0666}

ROW(trace);
ROW(trace_bin);
ROW(ctl);
ROW(regs_bin);
ROW(mem);
ROW(maps);
ROW(status_bin);
ROW(args);

const struct proc_row regs_row = {
	.name = "regs",
	.mode = KS_IFREG | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
};
const struct proc_row status_row = {
	.name = "status",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
};
const struct proc_row new_row = {
	.name = "new",
	.mode = KS_IFREG | 0666,
	.on_root = true,
};
const struct proc_row new_bin_row = {
	.name = "new.bin",
	.mode = KS_IFREG | 0666,
	.on_root = true,
	.reads = RIGHT_PUBLIC,
};

/* ---- what the source calls ---- */

int
rights_ask(struct thread *asker, struct process *target, enum right right)
{
	CHECK(asker == &self);
	CHECK(target == &first);
	asked = right;
	return right == RIGHT_NOBODY ? -EACCES : 0;
}

struct process *
process_find(uint32_t pid)
{
	return pid == first.pid ? &first : NULL;
}

struct process *
process_next(uint32_t pid)
{
	return pid < first.pid ? &first : NULL;
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

struct cred
process_cred(struct process *p)
{
	return p->cred;
}

void
text_file_init(struct text_file *file)
{
	file->made = NULL;
}

void
text_file_free(struct text_file *file)
{
	CHECK(!file->made);
}

int64_t
text_file_read(struct text_file *file, struct uio *uio, uint64_t *offset,
	       int (*make)(struct text_buffer *buffer, void *arg), void *arg)
{
	(void)file, (void)uio, (void)offset, (void)make, (void)arg;
	return 0;
}

int
uio_put_kernel(struct uio *uio, const void *from, size_t n)
{
	(void)from;
	uio->left -= n;
	return 0;
}

int
copy_to_user(uint64_t to, const void *from, size_t n)
{
	(void)to, (void)from, (void)n;
	return 0;
}

void
panic(const char *format, ...)
{
	test_fail(__FILE__, __LINE__, "panic: %s", format);
}

/* ---- cases ---- */

static int
try_open(const char *path, unsigned flags)
{
	struct place at = {.thread = &self, .path = path};
	struct file file = {.refs = 1};
	int error = proc_scheme.open(&at, flags, 0, &file);

	if (!error)
		proc_scheme.free(&file);
	CHECK_EQ(fake_blocks, 0);
	return error;
}

static int
try_access(const char *path, int mode)
{
	struct place at = {.thread = &self, .path = path};

	return proc_scheme.access(&at, mode);
}

TEST(row_of_the_root_that_names_no_right_is_nobodys)
{
	CHECK_EQ(try_open("new", KO_RDONLY), -EACCES);
	CHECK_EQ(try_open("new", KO_WRONLY), -EACCES);
	CHECK_EQ(try_open("new", KO_RDWR), -EACCES);
	CHECK_EQ(try_access("new", KR_OK), -EACCES);
	CHECK_EQ(try_access("new", KW_OK), -EACCES);
	CHECK_EQ(try_open("new.bin", KO_RDONLY), 0);
	CHECK_EQ(try_open("new.bin", KO_WRONLY), -EACCES);
	CHECK_EQ(try_open("new.bin", KO_RDWR), -EACCES);
	CHECK_EQ(try_access("new.bin", KR_OK), 0);
	CHECK_EQ(try_access("new.bin", KR_OK | KW_OK), -EACCES);
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

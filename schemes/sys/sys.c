/*
 * sys: what the kernel says of itself, as text files in one directory.
 *
 * Called through the scheme table.  A new file is a row of sysfs_files and a
 * function that makes its text.  The rule for that text: no address of the
 * kernel's, and nothing that who opened the file might not know.  What is
 * nobody's secret is made by `make`; what is about processes by `make_as`,
 * which asks trace/rights.c for each.
 *
 * Whose rights count is decided at the open: the descriptor is the right, and
 * may be passed on.
 */
#include "sys.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "flat.h"
#include "heap.h"
#include "namespace.h"
#include "page.h"
#include "print.h"
#include "process.h"
#include "usercopy.h"

struct sysfs_file {
	const char *name;
	unsigned mode;
	bool of_processes; /* for those whose namespace has proc: */
	void (*make)(struct text_buffer *text);
	void (*make_for)(struct text_buffer *text, struct thread *reader);
	void (*make_as)(struct text_buffer *text, const struct asker *asker);
	int (*write)(uint64_t number); /* of the one number written */
};

#ifdef CHECKED
static int
sysfs_fail(uint64_t number)
{
	page_fail_after(number);
	return 0;
}

static int
sysfs_panic(uint64_t number)
{
	panic("asked for by sys:/panic, number %lu", number);
}

static int
sysfs_pids(uint64_t number)
{
	if (number < 2 || number > PROCESS_LIMIT)
		return -EINVAL;
	process_set_limit((uint32_t)number);
	return 0;
}
#endif

static const struct sysfs_file sysfs_files[] = {
	{.name = "block",
	 .mode = 0444,
	 .of_processes = true,
	 .make_as = block_text},
	{.name = "calls",
	 .mode = 0444,
	 .of_processes = true,
	 .make_as = calls_text},
	{.name = "cmdline", .mode = 0444, .make = facts_cmdline},
	{.name = "contexts",
	 .mode = 0444,
	 .of_processes = true,
	 .make = contexts_text},
	{.name = "cpu", .mode = 0444, .make = cpu_text},
	{.name = "iostat",
	 .mode = 0444,
	 .of_processes = true,
	 .make_as = iostat_text},
	{.name = "irq", .mode = 0444, .make = irq_text},
	{.name = "log", .mode = 0444, .make = log_text},
	{.name = "memory", .mode = 0444, .make = memory_text},
	{.name = "schemes", .mode = 0444, .make_for = facts_schemes},
	{.name = "stat", .mode = 0444, .make = stat_text},
	{.name = "syscalls", .mode = 0444, .make = syscalls_text},
	{.name = "time", .mode = 0444, .make = time_text},
	{.name = "trace",
	 .mode = 0444,
	 .of_processes = true,
	 .make_as = trace_text},
	{.name = "uname", .mode = 0444, .make = facts_uname},
#ifdef CHECKED
	{.name = "locks", .mode = 0444, .make = locks_text},
	{.name = "fail", .mode = 0200, .write = sysfs_fail},
	{.name = "panic", .mode = 0200, .write = sysfs_panic},
	{.name = "pids", .mode = 0200, .write = sysfs_pids},
#endif
};

#define SYS_FILES (sizeof(sysfs_files) / sizeof(*sysfs_files))

static bool
sysfs_entry(unsigned n, struct flat_entry *entry)
{
	if (n >= SYS_FILES)
		return false;
	entry->name = sysfs_files[n].name;
	entry->mode = KS_IFREG | sysfs_files[n].mode;
	return true;
}

static const struct flat sysfs_flat = {
	.device = 0x737973,
	.entry = sysfs_entry,
};

/* file->data of a file that is open. */
struct sysfs_handle {
	struct text_file text;
	struct asker asker;
	struct process *opener; /* referenced, so that nobody else comes to be
				   taken for it; NULL: the kernel */
};

static struct sysfs_handle *
sysfs_handle(const struct place *at)
{
	struct sysfs_handle *handle = heap_zalloc(sizeof(*handle));

	if (!handle)
		return NULL;
	text_file_init(&handle->text);
	if (at->thread) {
		handle->asker = rights_asker(at->thread);
		handle->opener = at->thread->process;
		process_get(handle->opener);
	}
	return handle;
}

static int
sysfs_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	int which, error;

	(void)mode;
	error = flat_open(&sysfs_flat, at, flags, file, &which);
	if (error || which == FLAT_ROOT)
		return error;
	if (sysfs_files[which].of_processes &&
	    !namespace_has(at->thread, scheme_find("proc", 4)))
		return -ENOENT;
	file->data = sysfs_handle(at);
	return file->data ? 0 : -ENOMEM;
}

static int
sysfs_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	(void)follow;
	return flat_stat(&sysfs_flat, at, stat);
}

static int
sysfs_fstat(struct file *file, struct abi_stat *stat)
{
	flat_fstat(&sysfs_flat, (int)file->number, stat);
	return 0;
}

static int64_t
sysfs_getdents(struct file *file, struct uio *uio, uint64_t *offset)
{
	return file->data ? -ENOTDIR : flat_getdents(&sysfs_flat, uio, offset);
}

static int64_t
sysfs_path_of(struct file *file, char *buf, size_t size)
{
	return flat_path_of(&sysfs_flat, (int)file->number, buf, size);
}

struct sysfs_reading {
	const struct sysfs_file *row;
	struct sysfs_handle *handle;
	struct thread *reader;
};

static int
sysfs_make(struct text_buffer *text, void *arg)
{
	const struct sysfs_reading *reading = arg;
	const struct sysfs_file *row = reading->row;

	if (row->make_as)
		row->make_as(text, &reading->handle->asker);
	else if (row->make_for)
		row->make_for(text, reading->reader);
	else
		row->make(text);
	return 0;
}

static int64_t
sysfs_read(struct thread *self, struct file *file, struct uio *uio,
	   uint64_t *offset)
{
	struct sysfs_reading reading = {.handle = file->data, .reader = self};

	if (!file->data)
		return -EISDIR;
	reading.row = &sysfs_files[file->number];
	if (reading.row->write)
		return -EINVAL;
	return text_file_read(&reading.handle->text, uio, offset, sysfs_make,
			      &reading);
}

/* Digits, and perhaps a newline: the number, or -EINVAL. */
static int64_t
sysfs_number(const char *text, size_t n)
{
	int64_t number = 0;
	size_t i;

	if (n && text[n - 1] == '\n')
		n--;
	for (i = 0; i < n; i++) {
		if (text[i] < '0' || text[i] > '9')
			return -EINVAL;
		number = number * 10 + (text[i] - '0');
	}
	return n ? number : -EINVAL;
}

static int64_t
sysfs_write(struct thread *self, struct file *file, struct uio *uio,
	    uint64_t *offset)
{
	size_t n = uio->left;
	char text[16];
	int64_t number;
	int error;

	(void)self, (void)offset;
	if (!file->data)
		return -EISDIR;
	if (!sysfs_files[file->number].write || n > sizeof(text))
		return -EINVAL;
	error = uio_take(uio, text, n);
	if (error)
		return error;
	number = sysfs_number(text, n);
	if (number < 0)
		return number;
	error = sysfs_files[file->number].write((uint64_t)number);
	return error ? error : (int64_t)n;
}

static void
sysfs_free(struct file *file)
{
	struct sysfs_handle *handle = file->data;

	if (!handle)
		return;
	text_file_free(&handle->text);
	if (handle->opener)
		process_put(handle->opener);
	heap_free(handle);
}

const struct scheme_ops sys_scheme = {
	.name = "sys",
	.open = sysfs_open,
	.stat = sysfs_stat,
	.read = sysfs_read,
	.write = sysfs_write,
	.getdents = sysfs_getdents,
	.fstat = sysfs_fstat,
	.path_of = sysfs_path_of,
	.free = sysfs_free,
};

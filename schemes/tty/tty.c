/*
 * tty: the terminal.  `tty:` and `tty:/console` open it.
 *
 * Called through the scheme table.  The rule: the first open by a session's
 * leader makes it the session's terminal, unless it is told not to; from then
 * on the session may open it as `tty:`, whoever its members have become.
 */
#include "tty.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "arch/x86_64/arch.h"
#include "flat.h"
#include "thread.h"
#include "usercopy.h"

static bool
tty_entry(unsigned n, struct flat_entry *entry)
{
	entry->name = "console";
	entry->mode = KS_IFCHR | 0600;
	return n == 0;
}

static const struct flat tty_flat = {
	.device = 0x747479,
	.entry = tty_entry,
};

static int
tty_init(void)
{
	console_init();
	return control_keys_init();
}

/* Whose session has it needs no right to open it as `tty:`. */
static bool
tty_is_own(const struct place *at)
{
	enum control_standing standing =
		at->thread ? control_standing(at->thread->process)
			   : CONTROL_NONE;

	return standing == CONTROL_FOREGROUND || standing == CONTROL_BACKGROUND;
}

static int
tty_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	struct place console = *at;
	int which;
	int error = flat_find(&tty_flat, at, &which);

	(void)mode;
	if (error)
		return error;
	console.start = NULL;
	if (which == FLAT_ROOT && !(flags & KO_DIRECTORY)) {
		console.path = "console";
		if (tty_is_own(at))
			console.cred = (struct cred){0};
	}
	error = flat_open(&tty_flat, &console, flags, file, &which);
	if (!error && !(flags & (KO_NOCTTY | KO_DIRECTORY)) &&
	    (flags & KO_ACCMODE) != KO_WRONLY && at->thread)
		control_open(at->thread->process);
	return error;
}

static int
tty_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	(void)follow;
	return flat_stat(&tty_flat, at, stat);
}

static int
tty_fstat(struct file *file, struct abi_stat *stat)
{
	flat_fstat(&tty_flat, (int)file->number, stat);
	return 0;
}

static bool
tty_is_directory(const struct file *file)
{
	return (file->mode & KS_IFMT) == KS_IFDIR;
}

static int64_t
tty_getdents(struct file *file, struct uio *uio, uint64_t *offset)
{
	if (!tty_is_directory(file))
		return -ENOTDIR;
	return flat_getdents(&tty_flat, uio, offset);
}

static int64_t
tty_path_of(struct file *file, char *buf, size_t size)
{
	return flat_path_of(&tty_flat, (int)file->number, buf, size);
}

static unsigned
tty_poll(struct file *file, struct poll_table *table)
{
	unsigned ready = 0;

	if (tty_is_directory(file))
		return KPOLLIN | KPOLLOUT;
	poll_on(table, &tty.readable);
	poll_on(table, &tty.writable);
	if (control_standing(thread_self()->process) == CONTROL_LOST)
		return KPOLLIN | KPOLLOUT | KPOLLHUP;
	if (tty_readable())
		ready |= KPOLLIN;
	if (tty_writable())
		ready |= KPOLLOUT;
	return ready;
}

static int
tty_control(struct thread *self, struct file *file, unsigned request,
	    uint64_t arg)
{
	return tty_is_directory(file) ? -ENOTTY
				      : tty_ioctl(self, file, request, arg);
}

/* Whoever still sleeps in a read of this file finds that it is closed. */
static void
tty_close(struct file *file)
{
	(void)file;
	waitq_wake(&tty.readable);
}

const struct scheme_ops tty_scheme = {
	.name = "tty",
	.init = tty_init,
	.open = tty_open,
	.stat = tty_stat,
	.read = tty_read,
	.write = tty_write,
	.getdents = tty_getdents,
	.fstat = tty_fstat,
	.poll = tty_poll,
	.ioctl = tty_control,
	.path_of = tty_path_of,
	.close = tty_close,
};

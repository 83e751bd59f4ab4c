/*
 * `pipe:`, the scheme behind pipe2: two open files on one pipe.
 *
 * pipe2 opens the reading end, then the writing end relative to it; nobody else
 * can name a pipe.  The rule: who waits holds nothing, looks again after each
 * wake-up, and is woken by the other end's close.
 */
#include "pipe.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/signal.h"
#include "life.h"
#include "print.h"
#include "text.h"
#include "thread.h"
#include "usercopy.h"

static int
pipe_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	struct pipe *pipe = at->start ? at->start->data : NULL;

	(void)flags, (void)mode;
	if (at->thread)
		return -ENXIO;
	if (pipe) {
		atomic_fetch_add(&pipe->refs, 1);
		pipe->writing = true;
	} else {
		pipe = pipe_create();
		if (!pipe)
			return -ENOMEM;
		pipe->uid = at->cred.euid;
		pipe->gid = at->cred.egid;
		pipe->reading = true;
	}
	file->data = pipe;
	file->number = at->start != NULL; /* is it the writing end? */
	file->mode = KS_IFIFO | 0600;
	return 0;
}

static bool
may_read(struct pipe *pipe)
{
	return pipe->bytes > 0 || !pipe->writing || !pipe->reading;
}

/* 0: there is something to read, or the end (*end). */
static int
wait_to_read(struct thread *self, struct file *file, bool *end)
{
	struct pipe *pipe = file->data;

	/* the order matters: what was written before the end is read before */
	*end = !pipe->writing && pipe->bytes == 0;
	if (pipe->bytes > 0 || *end)
		return 0;
	if (!pipe->reading)
		return -EBADF;
	if (file->flags & KO_NONBLOCK)
		return -EAGAIN;
	return WAIT_FOR(&pipe->readable, self, SLEEP_INTERRUPTIBLE,
			"pipe to be written", DEADLINE_NONE, may_read(pipe));
}

static int64_t
pipe_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	struct pipe *pipe = file->data;
	int64_t done = 0;
	bool end = false;

	(void)offset;
	while (uio->left > 0 && done == 0) {
		done = wait_to_read(self, file, &end);
		if (end || done < 0)
			break;
		done = pipe_copy_out(pipe, uio);
	}
	if (done > 0)
		waitq_wake(&pipe->writable);
	return done;
}

static bool
may_write(struct pipe *pipe, size_t least)
{
	return pipe->room >= least || !pipe->reading || !pipe->writing;
}

/* 0: there was room for `least` bytes. */
static int
wait_to_write(struct thread *self, struct file *file, size_t least)
{
	struct pipe *pipe = file->data;

	if (!pipe->writing)
		return -EBADF;
	if (!pipe->reading)
		return -EPIPE;
	if (pipe->room >= least)
		return 0;
	if (file->flags & KO_NONBLOCK)
		return -EAGAIN;
	return WAIT_FOR(&pipe->writable, self, SLEEP_INTERRUPTIBLE,
			"pipe to be read", DEADLINE_NONE,
			may_write(pipe, least));
}

static int64_t
pipe_write(struct thread *self, struct file *file, struct uio *uio,
	   uint64_t *offset)
{
	struct pipe *pipe = file->data;
	size_t least = uio->left <= PIPE_ATOMIC ? uio->left : 1;
	int64_t done = 0, error = 0;

	(void)offset;
	while (uio->left > 0 && error >= 0) {
		error = wait_to_write(self, file, least);
		if (error == 0)
			error = pipe_copy_in(pipe, uio, least);
		if (error > 0) {
			done += error;
			waitq_wake(&pipe->readable);
		}
	}
	if (error == -EPIPE)
		signal_raise(self, KSIGPIPE);
	return done > 0 ? done : error;
}

static int
pipe_fstat(struct file *file, struct abi_stat *stat)
{
	struct pipe *pipe = file->data;
	struct abi_timespec created = {(int64_t)(pipe->created / 1000000000),
				       (int64_t)(pipe->created % 1000000000)};

	*stat = (struct abi_stat){
		.st_dev = 2,
		.st_ino = pipe->number,
		.st_nlink = 1,
		.st_mode = file->mode,
		.st_uid = pipe->uid,
		.st_gid = pipe->gid,
		.st_blksize = PIPE_ATOMIC,
		.st_atim = created,
		.st_mtim = created,
		.st_ctim = created,
	};
	return 0;
}

static unsigned
pipe_poll(struct file *file, struct poll_table *table)
{
	struct pipe *pipe = file->data;

	poll_on(table, file->number ? &pipe->writable : &pipe->readable);
	if (file->number)
		return (pipe->room >= PIPE_ATOMIC ? KPOLLOUT : 0u) |
		       (pipe->reading ? 0u : KPOLLERR);
	return (pipe->bytes > 0 ? KPOLLIN : 0u) |
	       (pipe->writing ? 0u : KPOLLHUP);
}

static int
pipe_ioctl(struct thread *self, struct file *file, unsigned request,
	   uint64_t arg)
{
	struct pipe *pipe = file->data;
	uint32_t bytes = pipe->bytes;

	(void)self;
	if (request != KFIONREAD)
		return -ENOTTY;
	return copy_to_user(arg, &bytes, sizeof bytes);
}

static int64_t
pipe_path_of(struct file *file, char *buf, size_t size)
{
	struct pipe *pipe = file->data;

	return (int64_t)format_text(buf, size, "%lu",
				    (unsigned long)pipe->number);
}

static void
pipe_close(struct file *file)
{
	struct pipe *pipe = file->data;

	if (file->number)
		pipe->writing = false;
	else
		pipe->reading = false;
	waitq_wake(&pipe->readable);
	waitq_wake(&pipe->writable);
}

static void
pipe_free(struct file *file)
{
	pipe_put(file->data);
}

const struct scheme_ops pipe_scheme = {
	.name = "pipe",
	.open = pipe_open,
	.read = pipe_read,
	.write = pipe_write,
	.fstat = pipe_fstat,
	.poll = pipe_poll,
	.ioctl = pipe_ioctl,
	.path_of = pipe_path_of,
	.close = pipe_close,
	.free = pipe_free,
};

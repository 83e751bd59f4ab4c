/*
 * pipe2.
 *
 * Two open files of pipe:, the writing end opened relative to the reading end.
 * The rule: the descriptors are told to the user last, and closed again if that
 * fails.
 */
#include "sysfile.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "process.h"
#include "syscall.h"
#include "usercopy.h"

/* One end, asked for by the kernel itself: what a user cannot. */
static int
open_end(struct thread *self, struct file *start, unsigned flags,
	 struct file **end)
{
	const struct scheme_ops *ops = scheme_find("pipe", 4);
	struct place place = {.start = start,
			      .path = "",
			      .cred = process_cred(self->process),
			      .ops = ops};
	int error;

	*end = file_create(ops, flags);
	if (!*end)
		return -ENOMEM;
	error = ops->open(&place, flags, 0, *end);
	if (error)
		file_discard(*end);
	return error;
}

static int
open_ends(struct thread *self, unsigned flags, struct file *ends[2])
{
	int error = open_end(self, NULL, KO_RDONLY | flags, &ends[0]);

	if (error)
		return error;
	error = open_end(self, ends[0], KO_WRONLY | flags, &ends[1]);
	if (error)
		file_put(ends[0]);
	return error;
}

/* Takes the references over, whatever happens. */
static int
install_ends(struct thread *self, struct file *ends[2], bool cloexec,
	     int fds[2])
{
	fds[0] = fd_install(self, ends[0], cloexec, 0);
	if (fds[0] < 0) {
		file_put(ends[0]);
		file_put(ends[1]);
		return fds[0];
	}
	fds[1] = fd_install(self, ends[1], cloexec, 0);
	if (fds[1] < 0) {
		fd_close(self, fds[0]);
		file_put(ends[1]);
		return fds[1];
	}
	return 0;
}

int64_t
sys_pipe2(struct thread *self, uint64_t user_fds, uint32_t flags)
{
	struct file *ends[2];
	int fds[2], error;

	if (flags & ~(uint32_t)(KO_CLOEXEC | KO_NONBLOCK))
		return -EINVAL;
	error = open_ends(self, flags & KO_NONBLOCK, ends);
	if (!error)
		error = install_ends(self, ends, flags & KO_CLOEXEC, fds);
	if (error)
		return error;
	error = copy_to_user(user_fds, fds, sizeof fds);
	if (error) {
		fd_close(self, fds[0]);
		fd_close(self, fds[1]);
	}
	return error;
}

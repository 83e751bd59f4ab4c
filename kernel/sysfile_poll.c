/*
 * poll.
 *
 * The rule: the first look registers with every queue that may change an
 * answer; later looks only look half asleep, so no change is missed.
 */
#include "sysfile.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "arch/x86_64/arch.h"
#include "heap.h"
#include "syscall.h"
#include "thread.h"
#include "usercopy.h"

#define ALWAYS	(KPOLLERR | KPOLLHUP)
#define NS_A_MS 1000000u

struct polling {
	struct abi_pollfd *fds;
	struct file **files; /* NULL: not asked for, or no such descriptor */
	unsigned count;
	struct poll_table table;
};

static int
polling_begin(struct polling *p, struct thread *self, uint64_t fds,
	      uint64_t count)
{
	size_t size = count * sizeof *p->fds;

	*p = (struct polling){.count = (unsigned)count};
	if (count == 0)
		return 0;
	p->table.self = self;
	p->table.size = p->count * POLL_QUEUES;
	p->fds = heap_alloc(size);
	p->files = heap_zalloc(count * sizeof(struct file *));
	p->table.waiters = heap_alloc(p->table.size * sizeof(struct waiter));
	if (!p->fds || !p->files || !p->table.waiters)
		return -ENOMEM;
	return copy_from_user(p->fds, fds, size);
}

static void
polling_end(struct polling *p)
{
	if (p->table.waiters)
		poll_end(&p->table);
	for (unsigned i = 0; p->files && i < p->count; i++)
		if (p->files[i])
			file_put(p->files[i]);
	heap_free(p->table.waiters);
	heap_free(p->files);
	heap_free(p->fds);
}

static void
find_files(struct polling *p, struct thread *self)
{
	for (unsigned i = 0; i < p->count; i++)
		if (p->fds[i].fd >= 0)
			p->files[i] = fd_get(self, p->fds[i].fd);
}

static int16_t
look_at(struct file *file, int16_t events, struct poll_table *table)
{
	unsigned ready = file->ops->poll(file, table);

	return (int16_t)(ready & ((uint16_t)events | ALWAYS));
}

/* How many have an answer now.  Nothing more is registered once one has. */
static unsigned
look(struct polling *p, struct poll_table *table)
{
	unsigned ready = 0;

	for (unsigned i = 0; i < p->count; i++) {
		struct abi_pollfd *fd = &p->fds[i];

		fd->revents = 0;
		if (p->files[i])
			fd->revents = look_at(p->files[i], fd->events,
					      ready ? NULL : table);
		else if (fd->fd >= 0)
			fd->revents = KPOLLNVAL;
		ready += fd->revents != 0;
	}
	return ready;
}

/* How many are ready in the end; -EINTR. */
static int64_t
wait(struct polling *p, struct thread *self, int timeout_ms)
{
	struct poll_table *table = timeout_ms == 0 ? NULL : &p->table;
	uint64_t deadline = DEADLINE_NONE;
	unsigned ready;
	int error = 0;

	if (timeout_ms > 0)
		deadline = arch_time_ns() + (uint64_t)timeout_ms * NS_A_MS;
	for (;;) {
		sched_prepare(self, SLEEP_INTERRUPTIBLE, "poll");
		ready = look(p, table);
		if (ready || timeout_ms == 0 || error)
			break;
		table = NULL;
		error = sched_sleep(self, deadline);
	}
	sched_awake(self);
	return !ready && error == -EINTR ? error : (int64_t)ready;
}

int64_t
sys_poll(struct thread *self, uint64_t fds, uint64_t count, int timeout_ms)
{
	struct polling p;
	int64_t result;

	if (count > FD_MAX)
		return -EINVAL;
	result = polling_begin(&p, self, fds, count);
	if (!result) {
		find_files(&p, self);
		result = wait(&p, self, timeout_ms);
	}
	if (result >= 0 && count > 0 &&
	    copy_to_user(fds, p.fds, count * sizeof *p.fds))
		result = -EFAULT;
	polling_end(&p);
	return result;
}

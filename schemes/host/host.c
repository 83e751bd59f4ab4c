/*
 * host: the host's end of a wire.  `host:/` lists the ports of the virtio
 * serial device, `host:/NAME` is one; without a device it is empty.
 *
 * Called through the scheme table.  The rule: ports are root's; others get
 * descriptors handed down.  Writing to a port that the host has closed is as
 * writing to a pipe without readers.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/signal.h"
#include "device.h"
#include "stream.h"
#include "flat.h"
#include "life.h"
#include "thread.h"

/* Ports in the order of their ids; those without a name are left out. */
static bool
host_entry(unsigned n, struct flat_entry *entry)
{
	if (n >= DEVICE_PORTS)
		return false;
	entry->name = NULL;
	entry->mode = KS_IFCHR | 0600;
	if (device.there && device.port[n].name[0])
		entry->name = device.port[n].name;
	return true;
}

static const struct flat host_flat = {
	.device = 0x686f7374,
	.entry = host_entry,
};

static int
host_open(struct place *at, unsigned flags, unsigned mode, struct file *file)
{
	int which, error;

	(void)mode;
	error = flat_open(&host_flat, at, flags, file, &which);
	if (error || which == FLAT_ROOT)
		return error;
	file->data = &device.port[which];
	return port_open(&device.port[which]);
}

static int
host_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	(void)follow;
	return flat_stat(&host_flat, at, stat);
}

static int
host_fstat(struct file *file, struct abi_stat *stat)
{
	flat_fstat(&host_flat, (int)file->number, stat);
	return 0;
}

static int64_t
host_getdents(struct file *file, struct uio *uio, uint64_t *offset)
{
	if (file->data)
		return -ENOTDIR;
	return flat_getdents(&host_flat, uio, offset);
}

static int64_t
host_path_of(struct file *file, char *buf, size_t size)
{
	return flat_path_of(&host_flat, (int)file->number, buf, size);
}

static int64_t
host_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	(void)offset;
	return file->data ? stream_read(self, file, file->data, uio) : -EISDIR;
}

static int64_t
host_write(struct thread *self, struct file *file, struct uio *uio,
	   uint64_t *offset)
{
	int64_t n;

	(void)offset;
	if (!file->data)
		return -EISDIR;
	n = stream_write(self, file, file->data, uio);
	if (n == -EPIPE && self)
		signal_raise(self, KSIGPIPE);
	return n;
}

static unsigned
host_poll(struct file *file, struct poll_table *table)
{
	return file->data ? stream_poll(file->data, table) : KPOLLIN | KPOLLOUT;
}

/* Whoever still sleeps in a call of this file finds that it is closed. */
static void
host_close(struct file *file)
{
	if (file->data)
		port_wake(file->data);
}

static void
host_free(struct file *file)
{
	if (file->data)
		port_close(file->data);
}

const struct scheme_ops host_scheme = {
	.name = "host",
	.init = device_init,
	.open = host_open,
	.stat = host_stat,
	.read = host_read,
	.write = host_write,
	.getdents = host_getdents,
	.fstat = host_fstat,
	.poll = host_poll,
	.path_of = host_path_of,
	.close = host_close,
	.free = host_free,
};

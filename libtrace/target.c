/*
 * Registers and memory of a target, through its files.  The file used last
 * stays open: it belongs to one process, and a handle never reaches another
 * one.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

void
trace_file_close(struct trace_file *file)
{
	if (file->pid)
		(void)close(file->fd);
	file->pid = 0;
}

int
trace_file_of(struct trace_file *file, pid_t pid, const char *name,
	      int observes)
{
	char path[40];
	int fd;

	if (file->pid == pid && pid)
		return file->fd;
	(void)snprintf(path, sizeof(path), "proc:/%d/%s", (int)pid, name);
	fd = open(path, (observes ? O_RDONLY : O_RDWR) | O_CLOEXEC);
	if (fd < 0)
		return errno == ENOENT ? -ESRCH : -errno;
	trace_file_close(file);
	file->pid = pid;
	file->fd = fd;
	return fd;
}

int
trace_get_regs(struct trace *trace, pid_t pid, struct trace_regs *regs)
{
	int fd = trace_file_of(&trace->regs, pid, "regs.bin", trace->observes);
	ssize_t n;

	if (fd < 0)
		return fd;
	n = pread(fd, regs, sizeof(*regs), 0);
	if (n < 0)
		return -errno;
	return n == (ssize_t)sizeof(*regs) ? 0 : -EIO;
}

int
trace_set_regs(struct trace *trace, pid_t pid, const struct trace_regs *regs)
{
	int fd = trace_file_of(&trace->regs, pid, "regs.bin", trace->observes);

	if (fd < 0)
		return fd;
	return pwrite(fd, regs, sizeof(*regs), 0) < 0 ? -errno : 0;
}

/* An image that was replaced leaves its handle empty: the process may have a
 * new one. */
static int
mem_again(struct trace *trace, pid_t pid)
{
	trace_file_close(&trace->mem);
	return trace_file_of(&trace->mem, pid, "mem", trace->observes);
}

ssize_t
trace_read(struct trace *trace, pid_t pid, uint64_t address, void *buffer,
	   size_t size)
{
	int fd = trace_file_of(&trace->mem, pid, "mem", trace->observes);
	ssize_t n;

	if (fd < 0)
		return fd;
	if (address > INT64_MAX) /* no offset of a file */
		return -EFAULT;
	n = pread(fd, buffer, size, (off_t)address);
	if (n == 0 && size) {
		fd = mem_again(trace, pid);
		if (fd < 0)
			return fd == -ESRCH ? 0 : fd;
		n = pread(fd, buffer, size, (off_t)address);
	}
	return n < 0 ? -errno : n;
}

ssize_t
trace_write(struct trace *trace, pid_t pid, uint64_t address,
	    const void *buffer, size_t size)
{
	int fd = trace_file_of(&trace->mem, pid, "mem", trace->observes);
	ssize_t n;

	if (fd < 0)
		return fd;
	if (address > INT64_MAX) /* no offset of a file */
		return -EFAULT;
	n = pwrite(fd, buffer, size, (off_t)address);
	if (n < 0 && errno == ESTALE) {
		fd = mem_again(trace, pid);
		if (fd < 0)
			return fd == -ESRCH ? -ESTALE : fd;
		n = pwrite(fd, buffer, size, (off_t)address);
	}
	return n < 0 ? -errno : n;
}

ssize_t
trace_read_string(struct trace *trace, pid_t pid, uint64_t address,
		  char *buffer, size_t size)
{
	size_t done = 0;

	if (size == 0)
		return -EINVAL;
	while (done < size - 1) {
		ssize_t n = trace_read(trace, pid, address + done,
				       buffer + done, size - 1 - done);
		const char *end;

		if (n <= 0)
			return n < 0 ? n : -EFAULT;
		end = memchr(buffer + done, '\0', (size_t)n);
		if (end)
			return end - buffer;
		done += (size_t)n;
	}
	buffer[done] = '\0';
	return (ssize_t)done;
}

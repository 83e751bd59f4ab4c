/* Bytes through a port: what the scheme's read, write and poll do. */
#pragma once

#include <stdint.h>

struct file;
struct poll_table;
struct port;
struct thread;
struct uio;

/* Bytes; 0: the host has closed its end and everything was read; -EAGAIN,
 * -EINTR, -EFAULT, -EBADF (the file was closed meanwhile).  Sleeps. */
int64_t stream_read(struct thread *self, struct file *file, struct port *port,
		    struct uio *uio);
/* Likewise; -EPIPE: the host has closed its end. */
int64_t stream_write(struct thread *self, struct file *file, struct port *port,
		     struct uio *uio);
unsigned stream_poll(struct port *port, struct poll_table *table);

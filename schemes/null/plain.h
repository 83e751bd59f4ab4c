/* What null:, zero: and rand: have in common: one character file each, without
 * a name. */
#pragma once

#include "scheme.h"

int plain_open(struct place *at, unsigned flags, unsigned mode,
	       struct file *file);
int plain_stat(struct place *at, bool follow, struct abi_stat *stat);
/* As on Linux's character devices of memory: the offset means nothing. */
int64_t plain_lseek(struct file *file, int64_t offset, int whence);
/* Takes everything. */
int64_t plain_write(struct thread *self, struct file *file, struct uio *uio,
		    uint64_t *offset);
/* Reads by parts that fill(buf, n) makes; fill NULL: zeroes. */
int64_t plain_read(struct thread *self, struct uio *uio,
		   void (*fill)(void *buf, size_t n));

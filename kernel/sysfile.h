/* What the calls of files share. */
#pragma once

#include "file.h"

#define COUNT_MAX 0x7ffff000u /* no transfer is longer: the rest is left */

enum direction { DIRECTION_READ, DIRECTION_WRITE };

/* The open file of a descriptor that may be read or written, with a reference:
 * 0 or -EBADF. */
int sysfile_get(struct thread *self, int fd, enum direction direction,
		struct file **file);
/* May it be read or written at a place of the caller's?  0 or -ESPIPE. */
int sysfile_check_place(struct file *file);

/* One transfer at *offset; NULL: at the file's own, which is moved on. */
int64_t sysfile_transfer(struct thread *self, struct file *file,
			 enum direction direction, struct uio *uio,
			 uint64_t *offset);

/* Is a path of the user empty, so that KAT_EMPTY_PATH means the descriptor
 * itself?  1, 0 or -EFAULT. */
int sysfile_empty(uint64_t user_path);

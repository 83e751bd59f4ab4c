/*
 * `null:`, which takes everything and gives nothing.
 */
#include "plain.h"

static int64_t
null_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	(void)self, (void)file, (void)uio, (void)offset;
	return 0;
}

const struct scheme_ops null_scheme = {
	.name = "null",
	.open = plain_open,
	.stat = plain_stat,
	.read = null_read,
	.write = plain_write,
	.lseek = plain_lseek,
};

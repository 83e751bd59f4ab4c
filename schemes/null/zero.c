/*
 * `zero:`, which takes everything and gives zeroes.
 */
#include "plain.h"

static int64_t
zero_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	(void)file, (void)offset;
	return plain_read(self, uio, NULL);
}

const struct scheme_ops zero_scheme = {
	.name = "zero",
	.open = plain_open,
	.stat = plain_stat,
	.read = zero_read,
	.write = plain_write,
	.lseek = plain_lseek,
};

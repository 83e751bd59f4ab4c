/*
 * `rand:`, which gives random bytes; what is written to it is dropped.
 */
#include "plain.h"
#include "rand.h"

static int64_t
rand_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	(void)file, (void)offset;
	return plain_read(self, uio, rand_bytes);
}

const struct scheme_ops rand_scheme = {
	.name = "rand",
	.open = plain_open,
	.stat = plain_stat,
	.read = rand_read,
	.write = plain_write,
	.lseek = plain_lseek,
};

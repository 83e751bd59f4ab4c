/*
 * Open files: their two counts, and the end of each.
 *
 * The rule: `close` runs when the last descriptor goes, even while a call is
 * still inside of the file, and never again; `free` runs when nobody has the
 * file any more.  A file that never had a descriptor (a program's image, a
 * current directory) is closed just before it is freed.
 */
#include "file.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "usercopy.h"

struct file *
file_create(const struct scheme_ops *ops, unsigned flags)
{
	struct file *file = heap_zalloc(sizeof *file);

	if (!file)
		return NULL;
	file->refs = 1;
	file->ops = ops;
	file->flags = flags;
	mutex_init(&file->offset_lock, RANK_FILE_OFFSET);
	return file;
}

void
file_discard(struct file *file)
{
	heap_free(file);
}

void
file_get(struct file *file)
{
	file_get_inline(file);
}

void
file_end(struct file *file)
{
	if (!file_is_closed(file))
		file->ops->close(file);
	file->ops->free(file);
	heap_free(file);
}

bool
file_desc_add(struct file *file)
{
	uint32_t descs = atomic_load(&file->descs);

	do {
		if (descs & FILE_CLOSED)
			return false;
	} while (
		!atomic_compare_exchange_weak(&file->descs, &descs, descs + 1));
	return true;
}

void
file_desc_drop(struct file *file)
{
	uint32_t descs = atomic_load(&file->descs), left;

	do
		left = descs == 1 ? FILE_CLOSED : descs - 1;
	while (!atomic_compare_exchange_weak(&file->descs, &descs, left));
	if (left == FILE_CLOSED)
		file->ops->close(file);
}

int64_t
file_read_at(struct thread *self, struct file *file, void *to, size_t n,
	     uint64_t offset)
{
	struct uio uio = {.kernel = to, .left = n};

	while (uio.left > 0) {
		int64_t got = file->ops->read(self, file, &uio, &offset);

		if (got < 0)
			return got;
		if (got == 0)
			break;
	}
	return (int64_t)(n - uio.left);
}

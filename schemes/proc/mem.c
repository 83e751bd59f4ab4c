/*
 * proc:/<pid>/mem: the bytes of an address space; the offset is the address.
 *
 * A handle keeps the address space that was there when it was opened: after
 * exec and after the end it reads 0 and writes ESTALE, whatever the process has
 * become.
 */
#include "proc.h"
#include "refused.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "vm.h"

#define PIECE 65536 /* bytes moved at a time */

static int
mem_open(struct handle *handle, struct thread *self, unsigned flags)
{
	(void)self;
	(void)flags;
	handle->data =
		process_vm(handle->spot.process); /* NULL: it has ended */
	return 0;
}

static void
mem_free(struct handle *handle)
{
	if (handle->data)
		vm_put(handle->data);
}

/* A place for one piece: small ones on the stack. */
struct piece {
	char small[512];
	char *bytes;
	size_t size;
};

static int
piece_init(struct piece *piece, size_t wanted)
{
	piece->size = wanted < PIECE ? wanted : PIECE;
	piece->bytes = piece->small;
	if (piece->size > sizeof(piece->small))
		piece->bytes = heap_alloc(piece->size);
	return piece->bytes ? 0 : -ENOMEM;
}

static void
piece_end(struct piece *piece)
{
	if (piece->bytes != piece->small)
		heap_free(piece->bytes);
}

static int64_t
read_piece(struct thread *self, struct vm *vm, struct uio *uio,
	   uint64_t address, struct piece *piece)
{
	size_t n = uio->left < piece->size ? uio->left : piece->size;
	int64_t got = vm_read(self, vm, address, piece->bytes, n);
	int error = got > 0 ? uio_put(uio, piece->bytes, (size_t)got) : 0;

	return error ? error : got;
}

static int64_t
write_piece(struct thread *self, struct vm *vm, struct uio *uio,
	    uint64_t address, struct piece *piece)
{
	size_t n = uio->left < piece->size ? uio->left : piece->size;
	struct uio ahead = *uio;
	int64_t put;
	int error = uio_take(&ahead, piece->bytes, n);

	if (error)
		return error;
	put = vm_write(self, vm, address, piece->bytes, n);
	if (put < 0)
		return refused(self, "mem", (int)put);
	if (put > 0 && (size_t)put == n)
		*uio = ahead;
	return put;
}

/* Piece after piece, until one comes short: the bytes moved, or the first one's
 * error. */
static int64_t
move(struct thread *self, struct vm *vm, struct uio *uio, uint64_t *offset,
     int64_t (*one)(struct thread *, struct vm *, struct uio *, uint64_t,
		    struct piece *))
{
	struct piece piece;
	int64_t done = 0, got;
	int error;

	if ((int64_t)*offset < 0)
		return -EINVAL;
	if (uio->left == 0)
		return 0;
	error = piece_init(&piece, uio->left);
	if (error)
		return error;
	do {
		size_t wanted = uio->left < piece.size ? uio->left : piece.size;

		got = one(self, vm, uio, *offset, &piece);
		if (got > 0) {
			done += got;
			*offset += (uint64_t)got;
		}
		if (got < 0 || (size_t)got != wanted)
			break;
	} while (uio->left);
	piece_end(&piece);
	return done ? done : got;
}

static int64_t
mem_read(struct thread *self, struct file *file, struct uio *uio,
	 uint64_t *offset)
{
	struct handle *handle = handle_of(file);
	struct vm *vm = handle->data;

	if (grant_revoked(&handle->grant))
		return -EACCES;
	return vm ? move(self, vm, uio, offset, read_piece) : 0;
}

static int64_t
mem_write(struct thread *self, struct handle *handle, struct uio *uio,
	  uint64_t *offset)
{
	struct vm *vm = handle->data;

	if (!vm)
		return refused(self, "mem", -ESTALE);
	return move(self, vm, uio, offset, write_piece);
}

const struct proc_row mem_row = {
	.name = "mem",
	.mode = KS_IFREG | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.open = mem_open,
	.read = mem_read,
	.write = mem_write,
	.free = mem_free,
};

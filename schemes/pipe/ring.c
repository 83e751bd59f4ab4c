/*
 * The bytes of a pipe: a ring of pages that come when they are written and go
 * when they have been read.
 *
 * Used by pipe.c.  The rule: only who holds the users mutex moves head and tail
 * and touches pages, so it may sleep while it copies; then it publishes how
 * much there is and fits, so that who waits or polls can look without the
 * mutex.
 */
#include "pipe.h"

#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "heap.h"
#include "page.h"
#include "usercopy.h"

static _Atomic uint64_t last_number;

struct pipe *
pipe_create(void)
{
	struct pipe *pipe = heap_zalloc(sizeof *pipe);

	if (!pipe)
		return NULL;
	pipe->refs = 1;
	pipe->number = ++last_number;
	pipe->created = arch_wall_ns() + arch_time_ns();
	waitq_init(&pipe->readable);
	waitq_init(&pipe->writable);
	mutex_init(&pipe->users, RANK_INODE);
	pipe->room = PIPE_ROOM;
	return pipe;
}

void
pipe_put(struct pipe *pipe)
{
	if (atomic_fetch_sub(&pipe->refs, 1) != 1)
		return;
	for (unsigned i = 0; i < PIPE_PAGES; i++)
		if (pipe->pages[i])
			page_put(pipe->pages[i]);
	heap_free(pipe);
}

/* Bytes that can be written: a page is used again only when all of it was
 * read. */
static uint64_t
room_of(const struct pipe *pipe)
{
	return PIPE_ROOM - (pipe->head - (pipe->tail & PAGE_MASK));
}

static void
publish(struct pipe *pipe)
{
	atomic_store_explicit(&pipe->bytes, (uint32_t)(pipe->head - pipe->tail),
			      memory_order_release);
	atomic_store_explicit(&pipe->room, (uint32_t)room_of(pipe),
			      memory_order_release);
}

static struct page **
page_at(struct pipe *pipe, uint64_t position)
{
	return &pipe->pages[position / PAGE_SIZE % PIPE_PAGES];
}

static size_t
part_of(uint64_t position, uint64_t n)
{
	uint64_t to_end = PAGE_SIZE - position % PAGE_SIZE;

	return (size_t)(n < to_end ? n : to_end);
}

static char *
byte_at(struct page *page, uint64_t position)
{
	return (char *)page_address(page) + position % PAGE_SIZE;
}

/* All was read: the page where the last byte was is kept for the next. */
static void
start_again(struct pipe *pipe)
{
	struct page **last = page_at(pipe, pipe->tail - 1), *kept = *last;

	*last = NULL;
	if (!pipe->pages[0])
		pipe->pages[0] = kept;
	else
		page_put(kept);
	pipe->head = pipe->tail = 0;
}

/* The bytes before position `tail` were read.  users mutex held. */
static void
move_tail(struct pipe *pipe, uint64_t tail)
{
	uint64_t end = tail == pipe->head ? tail - 1 : tail;

	for (uint64_t at = pipe->tail & PAGE_MASK; at + PAGE_SIZE <= end;
	     at += PAGE_SIZE) {
		page_put(*page_at(pipe, at));
		*page_at(pipe, at) = NULL;
	}
	pipe->tail = tail;
	if (pipe->tail == pipe->head)
		start_again(pipe);
	publish(pipe);
}

static int64_t
copy_out(struct pipe *pipe, struct uio *uio)
{
	uint64_t at = pipe->tail;
	int error = 0;

	while (at < pipe->head && uio->left > 0 && !error) {
		size_t n = part_of(at, pipe->head - at);

		n = n < uio->left ? n : uio->left;
		error = uio_put(uio, byte_at(*page_at(pipe, at), at), n);
		if (!error)
			at += n;
	}
	error = at == pipe->tail ? error : (int)(at - pipe->tail);
	if (error > 0)
		move_tail(pipe, at);
	return error;
}

int64_t
pipe_copy_out(struct pipe *pipe, struct uio *uio)
{
	int64_t done;

	mutex_lock(&pipe->users);
	done = copy_out(pipe, uio);
	mutex_unlock(&pipe->users);
	return done;
}

static int
copy_part_in(struct pipe *pipe, struct uio *uio, uint64_t at, size_t n)
{
	struct page **page = page_at(pipe, at);

	if (!*page)
		*page = page_alloc(0);
	return *page ? uio_take(uio, byte_at(*page, at), n) : -ENOMEM;
}

static int64_t
copy_in(struct pipe *pipe, struct uio *uio, size_t least)
{
	uint64_t at = pipe->head, end = at + room_of(pipe);
	int error = 0;

	if (end - at < least)
		return 0;
	while (at < end && uio->left > 0 && !error) {
		size_t n = part_of(at, end - at);

		n = n < uio->left ? n : uio->left;
		error = copy_part_in(pipe, uio, at, n);
		if (!error)
			at += n;
	}
	if (at == pipe->head || at - pipe->head < least)
		return error;
	error = (int)(at - pipe->head);
	pipe->head = at;
	publish(pipe);
	return error;
}

int64_t
pipe_copy_in(struct pipe *pipe, struct uio *uio, size_t least)
{
	int64_t done;

	mutex_lock(&pipe->users);
	done = copy_in(pipe, uio, least);
	mutex_unlock(&pipe->users);
	return done;
}

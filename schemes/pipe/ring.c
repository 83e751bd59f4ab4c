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

	if (last != pipe->pages) {
		*last = NULL;
		if (!pipe->pages[0])
			pipe->pages[0] = kept;
		else
			page_put(kept);
	}
	pipe->head = pipe->tail = 0;
}

static __attribute__((noinline)) void
drop_pages(struct pipe *pipe, uint64_t end)
{
	for (uint64_t at = pipe->tail & PAGE_MASK; at + PAGE_SIZE <= end;
	     at += PAGE_SIZE) {
		page_put(*page_at(pipe, at));
		*page_at(pipe, at) = NULL;
	}
}

/* The bytes before position `tail` were read.  users mutex held. */
static inline void
move_tail(struct pipe *pipe, uint64_t tail)
{
	uint64_t end = tail == pipe->head ? tail - 1 : tail;

	if ((pipe->tail & PAGE_MASK) + PAGE_SIZE <= end)
		drop_pages(pipe, end);
	pipe->tail = tail;
	if (pipe->tail == pipe->head)
		start_again(pipe);
	publish(pipe);
}

/* Bytes at position `at`, n at most, as far as they are in one page.  How many,
 * or an error. */
static inline int64_t
copy_part_out(struct pipe *pipe, struct uio *uio, uint64_t at, uint64_t n)
{
	size_t part = part_of(at, n < uio->left ? n : uio->left);
	int error = uio_put(uio, byte_at(*page_at(pipe, at), at), part);

	return error ? error : (int64_t)part;
}

static __attribute__((noinline)) uint64_t
copy_rest_out(struct pipe *pipe, struct uio *uio, uint64_t at)
{
	int64_t part = 0;

	for (; at < pipe->head && uio->left > 0 && part >= 0;
	     at += part > 0 ? (uint64_t)part : 0)
		part = copy_part_out(pipe, uio, at, pipe->head - at);
	return at;
}

/* Mostly it is a few bytes in one page. */
static inline int64_t
copy_out(struct pipe *pipe, struct uio *uio)
{
	uint64_t from = pipe->tail, at = from;
	int64_t part;

	if (at == pipe->head)
		return 0;
	part = copy_part_out(pipe, uio, at, pipe->head - at);
	if (part < 0)
		return part;
	at += (uint64_t)part;
	if (at < pipe->head && uio->left > 0)
		at = copy_rest_out(pipe, uio, at);
	move_tail(pipe, at);
	return (int64_t)(at - from);
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

/* As copy_part_out, the other way. */
static inline int64_t
copy_part_in(struct pipe *pipe, struct uio *uio, uint64_t at, uint64_t n)
{
	size_t part = part_of(at, n < uio->left ? n : uio->left);
	struct page **page = page_at(pipe, at);
	int error;

	if (!*page)
		*page = page_alloc(0, PAGE_PIPE);
	error = *page ? uio_take(uio, byte_at(*page, at), part) : -ENOMEM;
	return error ? error : (int64_t)part;
}

static __attribute__((noinline)) uint64_t
copy_rest_in(struct pipe *pipe, struct uio *uio, uint64_t at, uint64_t end,
	     int64_t *error)
{
	int64_t part;

	while (at < end && uio->left > 0) {
		part = copy_part_in(pipe, uio, at, end - at);
		if (part < 0) {
			*error = part;
			break;
		}
		at += (uint64_t)part;
	}
	return at;
}

static inline int64_t
copy_in(struct pipe *pipe, struct uio *uio, size_t least)
{
	uint64_t at = pipe->head, end = at + room_of(pipe);
	int64_t error;

	if (end - at < least || end == at)
		return 0;
	error = copy_part_in(pipe, uio, at, end - at);
	if (error < 0)
		return error;
	at += (uint64_t)error;
	if (at < end && uio->left > 0)
		at = copy_rest_in(pipe, uio, at, end, &error);
	if (at - pipe->head < least)
		return error;
	error = (int64_t)(at - pipe->head);
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

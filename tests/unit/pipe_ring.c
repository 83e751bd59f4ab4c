/*
 * The bytes of a pipe: first in, first out, whole or not at all, no page kept.
 */
#include "file_fake.h"
#include "schemes/pipe/ring.c" /* with our locks */

void
waitq_init(struct waitq *queue)
{
	list_init(&queue->waiters);
}

static struct pipe *
begin(void)
{
	struct pipe *pipe = pipe_create();

	CHECK(pipe);
	return pipe;
}

static void
end(struct pipe *pipe)
{
	pipe_put(pipe);
	CHECK_EQ(fake_pages, 0);
	CHECK_EQ(fake_blocks, 0);
}

static int64_t
put(struct pipe *pipe, const void *from, size_t n, size_t least)
{
	struct uio uio = {.user = (uintptr_t)from, .left = n};

	return pipe_copy_in(pipe, &uio, least);
}

static int64_t
get(struct pipe *pipe, void *to, size_t n)
{
	struct uio uio = {.user = (uintptr_t)to, .left = n};

	return pipe_copy_out(pipe, &uio);
}

TEST(pipe_gives_bytes_in_their_order)
{
	static unsigned char in[5000], out[7000];
	struct pipe *pipe = begin();
	unsigned written = 0, read = 0, seed = 1;

	for (int i = 0; i < 3000; i++) {
		int64_t done;

		seed = seed * 1103515245 + 12345;
		for (unsigned j = 0; j < sizeof in; j++)
			in[j] = (unsigned char)((written + j) % 251);
		done = put(pipe, in, 1 + (seed >> 8) % sizeof in, 1);
		written += (unsigned)done;
		CHECK_EQ(pipe->bytes, written - read);
		done = get(pipe, out, 1 + (seed >> 4) % sizeof out);
		for (unsigned j = 0; j < done; j++)
			CHECK_EQ(out[j], (read + j) % 251);
		read += (unsigned)done;
		CHECK(fake_pages <= (long)PIPE_PAGES);
	}
	CHECK(written > 1000000);
	end(pipe);
}

TEST(pipe_holds_64_kib_and_no_more)
{
	static char data[PIPE_ROOM + 10], back[PIPE_ROOM];
	struct pipe *pipe = begin();

	CHECK_EQ(put(pipe, data, sizeof data, 1), PIPE_ROOM);
	CHECK_EQ(put(pipe, data, 1, 1), 0);
	CHECK_EQ(get(pipe, back, 4095), 4095);
	CHECK_EQ(pipe->room, 0);
	CHECK_EQ(get(pipe, back, 1), 1);
	CHECK_EQ(pipe->room, 4096);
	CHECK_EQ(get(pipe, back, sizeof back), PIPE_ROOM - 4096);
	CHECK_EQ(get(pipe, back, 1), 0);
	CHECK_EQ(pipe->room, PIPE_ROOM);
	CHECK_EQ(fake_pages, 1);
	end(pipe);
}

TEST(pipe_takes_small_writes_whole_or_not_at_all)
{
	static char data[PIPE_ROOM];
	struct pipe *pipe = begin();

	CHECK_EQ(put(pipe, data, PIPE_ROOM - 100, 1), PIPE_ROOM - 100);
	CHECK_EQ(put(pipe, data, 101, 101), 0);
	CHECK_EQ(put(pipe, data, 100, 100), 100);
	end(pipe);
}

TEST(pipe_with_bad_memory_moves_nothing_it_should_not)
{
	static char data[3 * PAGE_SIZE], back[PAGE_SIZE];
	struct pipe *pipe = begin();

	CHECK_EQ(put(pipe, data, 100, 100), 100);
	fake_bad = (uintptr_t)data + PAGE_SIZE - 10;
	CHECK_EQ(put(pipe, data, PAGE_SIZE, PAGE_SIZE), -EFAULT);
	CHECK_EQ(pipe->bytes, 100);
	CHECK_EQ(put(pipe, data, 3 * PAGE_SIZE, 1), PAGE_SIZE - 100);
	fake_bad = (uintptr_t)back;
	CHECK_EQ(get(pipe, back, 10), -EFAULT);
	fake_bad = 0;
	CHECK_EQ(pipe->bytes, PAGE_SIZE);
	CHECK_EQ(get(pipe, back, PAGE_SIZE), PAGE_SIZE);
	end(pipe);
}

TEST(pipe_without_memory_says_so)
{
	static char data[2 * PAGE_SIZE];
	struct pipe *pipe = begin();

	fake_fail = 1;
	CHECK_EQ(put(pipe, data, 10, 10), -ENOMEM);
	fake_fail = 2;
	CHECK_EQ(put(pipe, data, 2 * PAGE_SIZE, 1), PAGE_SIZE);
	CHECK_EQ(get(pipe, data, PAGE_SIZE), PAGE_SIZE);
	end(pipe);
}

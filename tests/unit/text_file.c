/*
 * Texts that are made when they are read.  The source is included, so that it
 * takes our locks.
 *
 * with: kernel/format.c
 */
#include "lock_fake.h" /* before what locks */
#include <stdio.h>
#include "abi/errno.h"
#include "heap_fake.h"
#include "textfile.c"
#include "usercopy.h"

int
copy_to_user(uint64_t to, const void *from, size_t n)
{
	(void)to;
	(void)from;
	return n ? -EFAULT : 0;
}

int
uio_put_kernel(struct uio *uio, const void *from, size_t n)
{
	memcpy(uio->kernel, from, n);
	uio->kernel += n;
	uio->left -= n;
	return 0;
}

static int made;

static int
make(struct text_buffer *text, void *arg)
{
	int i;

	(void)arg;
	made++;
	for (i = 0; i < 1000; i++)
		text_printf(text, "%d: line %d\n", made, i);
	return 0;
}

static int
make_error(struct text_buffer *text, void *arg)
{
	(void)arg;
	text_printf(text, "half of it");
	return -ESRCH;
}

static int64_t
get(struct text_file *file, char *to, size_t n, uint64_t *offset)
{
	struct uio uio = {.kernel = to, .left = n};

	return text_file_read(file, &uio, offset, make, NULL);
}

TEST(text_is_the_same_in_blocks_of_any_size)
{
	static char whole[32768], parts[32768];
	struct text_file file;
	uint64_t offset = 0;
	int64_t n, size;
	size_t block, at;

	text_file_init(&file);
	made = 0;
	size = get(&file, whole, sizeof(whole), &offset);
	CHECK_EQ(size, offset);
	CHECK_EQ(get(&file, whole, 1, &offset), 0);
	for (block = 1; block < 5000; block += block) {
		made = 0;
		offset = at = 0;
		while ((n = get(&file, parts + at, block, &offset)) > 0)
			at += (size_t)n;
		CHECK_EQ(made, 1);
		CHECK_EQ(at, size);
		CHECK(memcmp(whole, parts, at) == 0);
	}
	text_file_free(&file);
	CHECK_EQ(fake_blocks, 0);
}

TEST(text_is_made_anew_at_offset_0_only)
{
	struct text_file file;
	uint64_t offset = 0;
	char c[2];

	text_file_init(&file);
	get(&file, c, 1, &offset);
	CHECK_EQ(c[0], '1');
	get(&file, c, 1, &offset);
	CHECK_EQ(c[0], ':');
	offset = 0;
	get(&file, c, 1, &offset);
	CHECK_EQ(c[0], '2');
	text_file_free(&file);
	CHECK_EQ(fake_blocks, 0);
}

TEST(text_read_first_from_behind_the_end_is_empty)
{
	struct text_file file;
	uint64_t offset = 1u << 30;
	char c;

	text_file_init(&file);
	CHECK_EQ(get(&file, &c, 1, &offset), 0);
	CHECK_EQ(offset, 1u << 30);
	text_file_free(&file);
	CHECK_EQ(fake_blocks, 0);
}

TEST(text_errors_leave_nothing_and_move_nothing)
{
	struct text_file file;
	struct uio uio = {.left = 10};
	uint64_t offset = 0;
	long n;
	char c;

	text_file_init(&file);
	CHECK_EQ(text_file_read(&file, &uio, &offset, make_error, NULL),
		 -ESRCH);
	CHECK_EQ(fake_blocks, 0);
	CHECK_EQ(text_file_read(&file, &uio, &offset, make, NULL), -EFAULT);
	CHECK_EQ(offset, 0);
	for (n = 1; n < 8; n++) {
		fake_fail = n;
		offset = 0;
		if (get(&file, &c, 1, &offset) == 1)
			break;
		CHECK_EQ(get(&file, &c, 0, &offset), 0);
	}
	CHECK(n > 3);
	fake_fail = 0;
	text_file_free(&file);
	CHECK_EQ(fake_blocks, 0);
}

TEST(text_words_have_no_spaces)
{
	struct text_buffer text = {0};

	text_word(&text, "a b%\n\xff");
	text_append(&text, " ", 1);
	text_word(&text, "");
	CHECK_STR(text.text, "a%20b%25%0a%ff -");
	text_free(&text);
	CHECK_EQ(fake_blocks, 0);
}

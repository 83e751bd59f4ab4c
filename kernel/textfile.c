/*
 * Files whose text is made when they are read.
 *
 * Called by the schemes sys and proc.  The rule: a text is never changed once
 * it is made.  A read from offset 0 makes a new one beside the old and swaps
 * the handle's pointer; whoever still copies the old one out holds a reference
 * of it, so no lock is held while a text is made or copied.
 */
#include "textfile.h"

#include <stdatomic.h>
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "print.h"
#include "text.h"
#include "usercopy.h"

#define TEXT_FIRST_SIZE 1024

struct text_made {
	_Atomic uint32_t refs;
	struct text_buffer buffer;
};

/* Room for n more bytes and a NUL. */
static int
text_room(struct text_buffer *buffer, size_t n)
{
	size_t size = buffer->size ? buffer->size : TEXT_FIRST_SIZE;
	char *text;

	if (buffer->error)
		return buffer->error;
	while (size - buffer->used <= n)
		size *= 2;
	if (size == buffer->size)
		return 0;
	text = heap_alloc(size);
	if (!text)
		return buffer->error = -ENOMEM;
	if (buffer->text)
		memcpy(text, buffer->text, buffer->used);
	heap_free(buffer->text);
	buffer->text = text;
	buffer->size = size;
	return 0;
}

void
text_append(struct text_buffer *buffer, const char *bytes, size_t n)
{
	if (text_room(buffer, n))
		return;
	memcpy(buffer->text + buffer->used, bytes, n);
	buffer->used += n;
	buffer->text[buffer->used] = '\0';
}

void
text_printfv(struct text_buffer *buffer, const char *format, va_list args)
{
	va_list again;
	size_t n;

	va_copy(again, args);
	n = format_textv(NULL, 0, format, args);
	if (!text_room(buffer, n)) {
		format_textv(buffer->text + buffer->used, n + 1, format, again);
		buffer->used += n;
	}
	va_end(again);
}

void
text_printf(struct text_buffer *buffer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_printfv(buffer, format, args);
	va_end(args);
}

void
text_word(struct text_buffer *buffer, const char *word)
{
	if (!*word)
		text_append(buffer, "-", 1);
	for (; *word; word++) {
		if (*word > ' ' && *word <= '~' && *word != '%')
			text_append(buffer, word, 1);
		else
			text_printf(buffer, "%%%02x",
				    (unsigned)(unsigned char)*word);
	}
}

void
text_open_mode(struct text_buffer *buffer, unsigned flags, bool cloexec,
	       char separator)
{
	static const char *const access[] = {"r", "w", "rw", "-"};

	text_printf(buffer, "%s", access[flags & KO_ACCMODE]);
	if (flags & KO_APPEND)
		text_printf(buffer, "%cappend", separator);
	if (flags & KO_NONBLOCK)
		text_printf(buffer, "%cnonblock", separator);
	if (cloexec)
		text_printf(buffer, "%ccloexec", separator);
}

void
text_free(struct text_buffer *buffer)
{
	heap_free(buffer->text);
	*buffer = (struct text_buffer){0};
}

static void
text_put(struct text_made *made)
{
	if (!made || atomic_fetch_sub(&made->refs, 1) != 1)
		return;
	text_free(&made->buffer);
	heap_free(made);
}

void
text_file_init(struct text_file *file)
{
	/* Taken alone, so that any rank would do. */
	spin_init(&file->lock, RANK_DEVICE);
	file->made = NULL;
}

void
text_file_free(struct text_file *file)
{
	text_put(file->made);
	file->made = NULL;
}

/* The handle's text, with a reference; NULL: none was made yet. */
static struct text_made *
text_get(struct text_file *file)
{
	struct text_made *made;

	spin_lock(&file->lock);
	made = file->made;
	if (made)
		atomic_fetch_add(&made->refs, 1);
	spin_unlock(&file->lock);
	return made;
}

static void
text_swap(struct text_file *file, struct text_made *made)
{
	struct text_made *old;

	atomic_fetch_add(&made->refs, 1);
	spin_lock(&file->lock);
	old = file->made;
	file->made = made;
	spin_unlock(&file->lock);
	text_put(old);
}

static int
text_make(struct text_file *file, struct text_made **result,
	  int (*make)(struct text_buffer *, void *), void *arg)
{
	struct text_made *made = heap_zalloc(sizeof(*made));
	int error;

	if (!made)
		return -ENOMEM;
	atomic_store(&made->refs, 1);
	error = make(&made->buffer, arg);
	if (!error)
		error = made->buffer.error;
	if (error) {
		text_put(made);
		return error;
	}
	text_swap(file, made);
	*result = made;
	return 0;
}

int64_t
text_file_read(struct text_file *file, struct uio *uio, uint64_t *offset,
	       int (*make)(struct text_buffer *, void *), void *arg)
{
	struct text_made *made = *offset ? text_get(file) : NULL;
	size_t n = 0;
	int error = 0;

	if (!made)
		error = text_make(file, &made, make, arg);
	if (error)
		return error;
	if (*offset < made->buffer.used)
		n = made->buffer.used - *offset;
	if (n > uio->left)
		n = uio->left;
	if (n)
		error = uio_put(uio, made->buffer.text + *offset, n);
	text_put(made);
	if (error)
		return error;
	*offset += n;
	return (int64_t)n;
}

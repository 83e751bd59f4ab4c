/* Bytes that grow, and the one way a host tool gives up. */
#pragma once

#include <stddef.h>

struct buffer {
	char *data;
	size_t used;
	size_t room;
};

/* Adds bytes; ends the program when memory is gone. */
void buffer_add(struct buffer *b, const void *data, size_t size);
void buffer_zero(struct buffer *b, size_t size);
void buffer_text(struct buffer *b, const char *text);
void buffer_free(struct buffer *b);

/* Adds all that can still be read from fd.  Returns 0 or -errno. */
int buffer_read_all(struct buffer *b, int fd);

/* Adds the whole file.  Returns 0 or -errno. */
int buffer_load(struct buffer *b, const char *path);

/* Writes all `size` bytes.  Returns 0 or -errno. */
int buffer_store(int fd, const void *data, size_t size);

/* Says why on stderr and exits with 125, the status of "proctor itself failed".
 */
_Noreturn void die(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

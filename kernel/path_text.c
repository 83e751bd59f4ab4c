/*
 * Paths as text: the scheme that one names, and the one of an open file, as a
 * user would write it.
 *
 * For path.c, symbolic links, getcwd and proc:.  The rule: file: is left out,
 * as a plain `/path` means it; every other scheme is named.
 */
#include "path.h"

#include "abi/errno.h"
#include "text.h"

size_t
path_scheme(const char *text)
{
	size_t n = 0;

	if (text[0] < 'a' || text[0] > 'z')
		return 0;
	while ((text[n] >= 'a' && text[n] <= 'z') ||
	       (text[n] >= '0' && text[n] <= '9'))
		n++;
	return text[n] == ':' ? n : 0;
}

int64_t
path_text(struct file *file, char *buf, size_t size)
{
	size_t head = 0;
	int64_t length;

	if (strcmp(file->ops->name, "file") != 0)
		head = text_copy(buf, file->ops->name, size) + 1;
	if (head + 2 > size)
		return -ENAMETOOLONG;
	if (head > 0)
		buf[head - 1] = ':';
	length = file->ops->path_of(file, buf + head + 1, size - head - 1);
	if (length < 0)
		return length;
	if ((size_t)length >= size - head - 1)
		return -ENAMETOOLONG;
	buf[head] = '/';
	if (buf[head + 1] == '/') {
		memmove(buf + head, buf + head + 1, (size_t)length + 1);
		length--;
	}
	return (int64_t)head + 1 + length;
}

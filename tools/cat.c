/*
 * cat [FILE]...: copies files, or its input, to its output.
 *
 * For looking at proc: and sys: by hand.  `-` is the input.  Bytes pass as they
 * come, none is waited for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int
cat_write(const char *data, size_t size)
{
	while (size > 0) {
		ssize_t put = write(STDOUT_FILENO, data, size);

		if (put < 0)
			return -1;
		data += put;
		size -= (size_t)put;
	}
	return 0;
}

static int
cat_copy(int fd)
{
	static char piece[65536];
	ssize_t got;

	while ((got = read(fd, piece, sizeof piece)) > 0)
		if (cat_write(piece, (size_t)got) < 0)
			return -1;
	return got < 0 ? -1 : 0;
}

static int
cat_file(const char *name)
{
	int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY);
	int error = fd < 0 ? -1 : cat_copy(fd);

	if (error < 0)
		fprintf(stderr, "cat: %s: %s\n", name, strerror(errno));
	if (fd > STDERR_FILENO)
		close(fd);
	return error < 0;
}

int
main(int argc, char **argv)
{
	int i, bad = argc < 2 ? cat_file("-") : 0;

	for (i = 1; i < argc; i++)
		bad |= cat_file(argv[i]);
	return bad;
}

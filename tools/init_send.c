/*
 * Files on their way back to the host: a "newc" cpio archive, written to
 * host:/back.
 *
 * Called by init_run.c for what `-v …:rw` named; the host's side is
 * tools/host/back.c.  A file that is gone when its turn comes is left out.
 */
#include "init.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEND_HEADER = 110, SEND_PATH = 1024 };

static int
send_all(int out, const void *data, size_t size)
{
	const char *left = data;
	ssize_t put;

	while (size > 0) {
		put = write(out, left, size);
		if (put < 0)
			return -1;
		left += put;
		size -= (size_t)put;
	}
	return 0;
}

static int
send_pad(int out, size_t size)
{
	return send_all(out, "\0\0\0", (4 - size % 4) % 4);
}

static int
send_header(int out, const char *name, unsigned mode, size_t size)
{
	const unsigned fields[13] = {[1] = mode,
				     [4] = 1,
				     [6] = (unsigned)size,
				     [11] = (unsigned)strlen(name) + 1};
	char header[SEND_HEADER + 1] = "070701";
	size_t i;

	for (i = 0; i < sizeof fields / sizeof *fields; i++)
		snprintf(header + 6 + 8 * i, 9, "%08x", fields[i]);
	if (send_all(out, header, SEND_HEADER) < 0 ||
	    send_all(out, name, strlen(name) + 1) < 0)
		return -1;
	return send_pad(out, SEND_HEADER + strlen(name) + 1);
}

/* Exactly `left` bytes follow the header, whatever becomes of the file
 * meanwhile. */
static int
send_bytes(int out, int fd, size_t left)
{
	static char piece[65536];
	size_t size = left;
	ssize_t got;

	while (left > 0) {
		got = read(fd, piece,
			   left < sizeof piece ? left : sizeof piece);
		if (got <= 0) {
			memset(piece, 0, sizeof piece);
			got = (ssize_t)(left < sizeof piece ? left
							    : sizeof piece);
		}
		if (send_all(out, piece, (size_t)got) < 0)
			return -1;
		left -= (size_t)got;
	}
	return send_pad(out, size);
}

static int
send_file(int out, const char *path, const char *name, const struct stat *st)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	error = send_header(out, name, st->st_mode, (size_t)st->st_size);
	if (error == 0)
		error = send_bytes(out, fd, (size_t)st->st_size);
	close(fd);
	return error;
}

static int
send_link(int out, const char *path, const char *name, const struct stat *st)
{
	char target[SEND_PATH];
	ssize_t size = readlink(path, target, sizeof target);

	if (size < 0)
		return -1;
	if (send_header(out, name, st->st_mode, (size_t)size) < 0 ||
	    send_all(out, target, (size_t)size) < 0)
		return -1;
	return send_pad(out, (size_t)size);
}

static int
send_child(int out, const char *path, const char *name, const char *child)
{
	char inner[SEND_PATH], inside[SEND_PATH];
	int n = snprintf(inner, sizeof inner, "%s/%s", path, child);
	int m = snprintf(inside, sizeof inside, "%s/%s", name, child);

	if (n >= SEND_PATH || m >= SEND_PATH) {
		errno = ENAMETOOLONG;
		return -1;
	}
	return init_send(out, inner, inside);
}

static int
send_folder(int out, const char *path, const char *name, const struct stat *st)
{
	DIR *dir = opendir(path);
	struct dirent *d;
	int error;

	if (dir == NULL)
		return -1;
	error = send_header(out, name, st->st_mode, 0);
	while (error == 0 && (d = readdir(dir)) != NULL) {
		if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
			continue;
		error = send_child(out, path, name, d->d_name);
	}
	closedir(dir);
	return error;
}

int
init_send(int out, const char *path, const char *name)
{
	struct stat st;
	int error = 0;

	if (lstat(path, &st) < 0) {
		if (errno == ENOENT)
			return 0;
		error = -1;
	} else if (S_ISREG(st.st_mode)) {
		error = send_file(out, path, name, &st);
	} else if (S_ISDIR(st.st_mode)) {
		error = send_folder(out, path, name, &st);
	} else if (S_ISLNK(st.st_mode)) {
		error = send_link(out, path, name, &st);
	}
	if (error < 0)
		fprintf(stderr, "init: %s: %s\n", path, strerror(errno));
	return error;
}

int
init_send_end(int out)
{
	return send_header(out, "TRAILER!!!", 0, 0);
}

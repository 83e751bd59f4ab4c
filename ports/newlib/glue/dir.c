/*
 * Directories over getdents.  A position is the kernel's d_off, so telldir and
 * seekdir keep no table.
 */
#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "glue.h"

struct __dirstream {
	int fd;
	int next;      /* offset in buffer of the entry to give next */
	int filled;    /* bytes of buffer that hold entries */
	long position; /* of the entry to give next, as d_off has it */
	char buffer[4096] __attribute__((aligned(8)));
};

ssize_t
getdents(int fd, void *buffer, size_t size)
{
	return __result(__sys_getdents(fd, buffer, size));
}

DIR *
fdopendir(int fd)
{
	struct stat status;
	DIR *dir;

	if (fstat(fd, &status) < 0)
		return NULL;
	if (!S_ISDIR(status.st_mode)) {
		errno = ENOTDIR;
		return NULL;
	}
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0)
		return NULL;
	dir = calloc(1, sizeof(*dir));
	if (dir)
		dir->fd = fd;
	return dir;
}

DIR *
opendir(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir;

	if (fd < 0)
		return NULL;
	dir = fdopendir(fd);
	if (!dir) {
		int error = errno;

		close(fd);
		errno = error;
	}
	return dir;
}

int
closedir(DIR *dir)
{
	int result = close(dir->fd);

	free(dir);
	return result;
}

struct dirent *
readdir(DIR *dir)
{
	struct dirent *entry;

	if (dir->next >= dir->filled) {
		ssize_t n = getdents(dir->fd, dir->buffer, sizeof(dir->buffer));

		if (n <= 0)
			return NULL;
		dir->next = 0;
		dir->filled = (int)n;
	}
	entry = (struct dirent *)(void *)(dir->buffer + dir->next);
	dir->next += entry->d_reclen;
	dir->position = entry->d_off;
	return entry;
}

int
readdir_r(DIR *restrict dir, struct dirent *restrict copy,
	  struct dirent **restrict result)
{
	int before = errno;
	struct dirent *entry;
	int error;

	errno = 0;
	entry = readdir(dir);
	error = entry ? 0 : errno;
	errno = before;
	*result = NULL;
	if (!entry)
		return error;
	memcpy(copy, entry, entry->d_reclen);
	*result = copy;
	return 0;
}

long
telldir(DIR *dir)
{
	return dir->position;
}

void
seekdir(DIR *dir, long position)
{
	if (lseek(dir->fd, position, SEEK_SET) < 0)
		return;
	dir->next = dir->filled = 0;
	dir->position = position;
}

void
rewinddir(DIR *dir)
{
	seekdir(dir, 0);
}

int
dirfd(DIR *dir)
{
	return dir->fd;
}

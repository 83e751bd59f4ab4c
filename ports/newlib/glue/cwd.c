/*
 * The current directory.  The kernel knows its name; nothing is searched for.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "glue.h"

int
chdir(const char *path)
{
	return (int)__result(__sys_chdir(path));
}

int
fchdir(int fd)
{
	return (int)__result(__sys_fchdir(fd));
}

/* With no buffer it is malloc's: of size bytes, or for size 0 as long as the
 * name needs. */
char *
getcwd(char *buffer, size_t size)
{
	char name[PATH_MAX];

	if (buffer && !size) {
		errno = EINVAL;
		return NULL;
	}
	if (__result(__sys_getcwd(name, sizeof(name))) < 0)
		return NULL;
	if (!buffer && !size)
		return strdup(name);
	if (strlen(name) >= size) {
		errno = ERANGE;
		return NULL;
	}
	if (!buffer)
		buffer = malloc(size);
	return buffer ? strcpy(buffer, name) : NULL;
}

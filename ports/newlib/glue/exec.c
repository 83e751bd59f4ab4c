/*
 * The exec family that takes vectors, over execve.  A name that holds a slash
 * or a scheme is a path and is not looked for in PATH; PATH's elements are
 * plain paths, for its colons could not be told from a scheme's.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "glue.h"

#define EXEC_PATH "/bin"

/* Tries one element of PATH, `length` bytes long; an empty one is the current
 * directory. */
static void
exec_in(const char *element, size_t length, const char *file,
	char *const argv[], char *const envp[])
{
	char path[PATH_MAX];
	size_t name = strlen(file);

	if (length + 1 + name >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return;
	}
	memcpy(path, element, length);
	if (length)
		path[length++] = '/';
	memcpy(path + length, file, name + 1);
	execve(path, argv, envp);
}

int
execvpe(const char *file, char *const argv[], char *const envp[])
{
	const char *element = getenv("PATH");
	int refused = 0;

	if (strpbrk(file, "/:"))
		return execve(file, argv, envp);
	if (!*file)
		return (int)__result(-ENOENT);
	if (!element)
		element = EXEC_PATH;
	for (;;) {
		size_t length = strcspn(element, ":");

		exec_in(element, length, file, argv, envp);
		if (errno == EACCES)
			refused = 1;
		else if (errno != ENOENT && errno != ENOTDIR)
			return -1;
		if (!element[length])
			break;
		element += length + 1;
	}
	return (int)__result(refused ? -EACCES : -ENOENT);
}

int
execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

int
execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

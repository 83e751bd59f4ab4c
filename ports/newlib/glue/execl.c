/*
 * The exec family that takes its arguments one by one: they become a vector on
 * the stack.
 */
#include <stdarg.h>
#include <stdint.h>
#include <unistd.h>

/* How many arguments stand before the null that ends them, the first one too.
 */
static size_t
execl_count(va_list list)
{
	size_t n = 1;

	while (va_arg(list, char *))
		n++;
	return n;
}

/* Fills argv and its null; leaves list behind the null. */
static void
execl_take(char **argv, const char *first, va_list list)
{
	*argv++ = (char *)(uintptr_t)first;
	while ((*argv++ = va_arg(list, char *)))
		;
}

int
execl(const char *path, const char *first, ...)
{
	va_list list;
	char **argv;

	va_start(list, first);
	argv = __builtin_alloca((execl_count(list) + 1) * sizeof(*argv));
	va_end(list);
	va_start(list, first);
	execl_take(argv, first, list);
	va_end(list);
	return execv(path, argv);
}

int
execlp(const char *file, const char *first, ...)
{
	va_list list;
	char **argv;

	va_start(list, first);
	argv = __builtin_alloca((execl_count(list) + 1) * sizeof(*argv));
	va_end(list);
	va_start(list, first);
	execl_take(argv, first, list);
	va_end(list);
	return execvp(file, argv);
}

int
execle(const char *path, const char *first, ...)
{
	char **argv, **envp;
	va_list list;

	va_start(list, first);
	argv = __builtin_alloca((execl_count(list) + 1) * sizeof(*argv));
	va_end(list);
	va_start(list, first);
	execl_take(argv, first, list);
	envp = va_arg(list, char **);
	va_end(list);
	return execve(path, argv, envp);
}

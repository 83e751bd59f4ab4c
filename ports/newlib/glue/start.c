/*
 * From the kernel's stack to main and out through exit.  crt0.S calls __start
 * once; it does not return.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "glue.h"

typedef void function(void);
extern function *__preinit_array_start[], *__preinit_array_end[];
extern function *__init_array_start[], *__init_array_end[];
extern function *__fini_array_start[], *__fini_array_end[];

int main(int argc, char **argv, char **envp);
void __start(long *stack) __attribute__((__noreturn__));

static void
start_run(function **from, function **to)
{
	for (; from < to; from++)
		(*from)();
}

static void
start_undo(void)
{
	function **f = __fini_array_end;

	while (f > __fini_array_start)
		(*--f)();
}

/* A set-id program never finds 0, 1 or 2 closed: the next file that it opened
 * would be what it writes its messages to. */
static void
start_secure(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("null:", O_RDWR) != fd)
			_exit(127);
}

void
__start(long *stack)
{
	int argc = (int)stack[0];
	char **argv = (char **)(stack + 1);
	char **end;

	environ = argv + argc + 1;
	for (end = environ; *end; end++)
		;
	__auxv_start((const unsigned long *)(end + 1));
	if (getauxval(AT_SECURE))
		start_secure();
	atexit(start_undo);
	start_run(__preinit_array_start, __preinit_array_end);
	start_run(__init_array_start, __init_array_end);
	exit(main(argc, argv, environ));
}

/*
 * From the kernel's stack to main and out through exit.  crt0.S calls __start
 * once; it does not return.
 */
#include <stdlib.h>
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
	__clock_start();
	atexit(start_undo);
	start_run(__preinit_array_start, __preinit_array_end);
	start_run(__init_array_start, __init_array_end);
	exit(main(argc, argv, environ));
}

/*
 * sys:/syscalls: the table of calls, one a line: number, name, kind of the
 * result, then kind:name for each argument.
 *
 * Called by sys.c when it is read.  The lines are made from syscalls.def by the
 * preprocessor.
 */
#include "sys.h"

#define CALL(nr, name, res) #nr " " #name " " #res
#define ARG(kind, name)	    " " #kind ":" #name

#define CALL0(nr, name, res)	     CALL(nr, name, res) "\n",
#define CALL1(nr, name, res, k0, a0) CALL(nr, name, res) ARG(k0, a0) "\n",
#define CALL2(nr, name, res, k0, a0, k1, a1)                                   \
	CALL(nr, name, res) ARG(k0, a0) ARG(k1, a1) "\n",
#define CALL3(nr, name, res, k0, a0, k1, a1, k2, a2)                           \
	CALL(nr, name, res) ARG(k0, a0) ARG(k1, a1) ARG(k2, a2) "\n",
#define CALL4(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3)                   \
	CALL(nr, name, res)                                                    \
	ARG(k0, a0) ARG(k1, a1) ARG(k2, a2) ARG(k3, a3) "\n",
#define CALL5(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4)           \
	CALL(nr, name, res)                                                    \
	ARG(k0, a0) ARG(k1, a1) ARG(k2, a2) ARG(k3, a3) ARG(k4, a4) "\n",
#define CALL6(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)   \
	CALL(nr, name, res)                                                    \
	ARG(k0, a0)                                                            \
	ARG(k1, a1) ARG(k2, a2) ARG(k3, a3) ARG(k4, a4) ARG(k5, a5) "\n",

static const char *const syscalls_lines[] = {
#include "abi/syscalls.def"
};

#define SYSCALLS_LINES (sizeof(syscalls_lines) / sizeof(*syscalls_lines))

void
syscalls_text(struct text_buffer *text)
{
	size_t i;

	for (i = 0; i < SYSCALLS_LINES; i++)
		text_printf(text, "%s", syscalls_lines[i]);
}

/*
 * sys:/cmdline, schemes, uname: files of a few lines each.
 *
 * Called by sys.c when one is read.
 */
#include "sys.h"

#include "namespace.h"
#include "scheme.h"
#include "version.h"

static const char *facts_command = "";

void
sys_set_cmdline(const char *cmdline)
{
	facts_command = cmdline;
}

void
facts_cmdline(struct text_buffer *text)
{
	text_printf(text, "%s\n", facts_command);
}

/* Those of the reader's namespace. */
void
facts_schemes(struct text_buffer *text, struct thread *reader)
{
	const struct scheme_ops *ops;
	unsigned i;

	for (i = 0; (ops = scheme_at(i)); i++) {
		if (namespace_has(reader, ops))
			text_printf(text, "%s\n", ops->name);
	}
}

void
facts_uname(struct text_buffer *text)
{
	text_printf(text, "Proctor %s x86_64\n", VERSION);
}

/*
 * proc:/<pid>/usage and usage.bin: what a process has used, `key value` a line,
 * the rows of usage.def.  Readable by everybody until it is reaped.
 */
#include "process_usage.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "proc.h"

static int
usage_get(struct handle *handle, struct trace_usage *usage)
{
	process_usage(handle->spot.process, usage);
	return atomic_load(&handle->spot.process->state) == PROCESS_REAPED
		       ? -ESRCH
		       : 0;
}

static int
usage_text(struct text_buffer *buffer, void *arg)
{
	struct trace_usage usage;
	int error = usage_get(arg, &usage);

	if (error)
		return error;
#define USAGE(member, word) text_printf(buffer, word " %lu\n", usage.member);
#include "abi/usage.def"
#undef USAGE
	return 0;
}

static int
usage_packed(struct text_buffer *buffer, void *arg)
{
	struct trace_usage usage;
	int error = usage_get(arg, &usage);

	if (!error)
		text_append(buffer, (const char *)&usage, sizeof(usage));
	return error;
}

const struct proc_row usage_row = {
	.name = "usage",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = usage_text,
};

const struct proc_row usage_bin_row = {
	.name = "usage.bin",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = usage_packed,
};

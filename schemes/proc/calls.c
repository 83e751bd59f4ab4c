/*
 * proc:/<pid>/calls and calls.bin: the calls that rules have counted, a line
 * `name count errors ns` each.  What was counted stays until the process is
 * reaped; a process that nobody counts has an empty file.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "trace/session.h"

static int
make(struct text_buffer *buffer, const struct handle *handle,
     void (*put)(struct text_buffer *, const struct trace_call_count *))
{
	struct trace_call_count count;

	if (atomic_load(&handle->spot.process->state) == PROCESS_REAPED)
		return -ESRCH;
	for (unsigned slot = 0; slot <= SYSCALL_COUNT; slot++)
		if (trace_counted(handle->spot.process, slot, &count))
			put(buffer, &count);
	return 0;
}

static void
put_line(struct text_buffer *buffer, const struct trace_call_count *count)
{
	const char *name = trace_call_name(count->number);

	text_printf(buffer, "%s %llu %llu %llu\n", name ? name : "#other",
		    (unsigned long long)count->count,
		    (unsigned long long)count->errors,
		    (unsigned long long)count->ns);
}

static void
put_record(struct text_buffer *buffer, const struct trace_call_count *count)
{
	text_append(buffer, (const char *)count, sizeof(*count));
}

static int
make_text(struct text_buffer *buffer, void *handle)
{
	return make(buffer, handle, put_line);
}

static int
make_bin(struct text_buffer *buffer, void *handle)
{
	return make(buffer, handle, put_record);
}

const struct proc_row calls_row = {
	.name = "calls",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_text,
};

const struct proc_row calls_bin_row = {
	.name = "calls.bin",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_bin,
};

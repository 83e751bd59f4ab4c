/*
 * proc:/<pid>/regs and regs.bin, and those of thread/<tid>/: the registers of a
 * thread that is held, or asleep.
 *
 * `rax 0x2a` a line, written so or `rax=0x2a`; all lines of a write, or none.
 * What may be written is arch/'s policy table.
 */
#include "proc.h"
#include "grammar.h"
#include "refused.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "text.h"

static const char *const names[] = {
#define REG(name, policy) #name,
#include "abi/regs.def"
#undef REG
};
#define REGS (sizeof(names) / sizeof(names[0]))
_Static_assert(REGS * 8 == sizeof(struct trace_regs), "a name a register");

static int
read_regs(struct handle *handle, struct trace_regs *regs)
{
	struct thread *thread = handle_thread(handle);
	int error;

	if (!thread)
		return -ESRCH;
	error = trace_regs_read(thread_self(), thread, regs);
	thread_put(thread);
	return error;
}

static int
make_text(struct text_buffer *buffer, void *arg)
{
	struct trace_regs regs;
	const uint64_t *values = (const uint64_t *)&regs;
	int error = read_regs(arg, &regs);

	for (size_t i = 0; !error && i < REGS; i++)
		text_printf(buffer, "%s 0x%lx\n", names[i], values[i]);
	return error;
}

static int
make_bin(struct text_buffer *buffer, void *arg)
{
	struct trace_regs regs;
	int error = read_regs(arg, &regs);

	if (!error)
		text_append(buffer, (const char *)&regs, sizeof(regs));
	return error;
}

/* What a write asks for: which registers, what values. */
struct change {
	struct thread *self;
	const struct grant *grant;
	uint32_t named;
	uint64_t values[REGS];
};
_Static_assert(REGS <= 32, "a bit a register");

static int
apply(struct trace_regs *regs, void *arg)
{
	const struct change *change = arg;
	uint64_t *values = (uint64_t *)regs;

	/* now that it stands still: what holds it may be a program that the
	 * writer has no right to */
	if (grant_revoked(change->grant))
		return -EACCES;
	for (size_t i = 0; i < REGS; i++)
		if (change->named >> i & 1)
			values[i] = change->values[i];
	return 0;
}

static int
change_regs(struct thread *self, struct handle *handle, struct change *change)
{
	struct thread *thread = handle_thread(handle);
	int error;

	if (!thread)
		return -ESRCH;
	error = trace_regs_change(self, thread, apply, change);
	thread_put(thread);
	return error;
}

static int
parse_line(char *line, size_t length, void *arg)
{
	struct change *change = arg;
	struct setting setting;
	int error = proc_setting(change->self, "regs", line, length, &setting);

	if (error)
		return error;
	for (size_t i = 0; i < REGS; i++) {
		if (!setting_is(&setting, names[i]))
			continue;
		change->named |= 1u << i;
		if (!grammar_value(setting.value, setting.value_length,
				   &change->values[i]))
			return 0;
		return refused_word(change->self, "regs", -EINVAL, "no value",
				    setting.value, setting.value_length);
	}
	return refused_word(change->self, "regs", -EINVAL, "no such register",
			    setting.name, setting.name_length);
}

static int64_t
write_text(struct thread *self, struct handle *handle, struct uio *uio,
	   uint64_t *offset)
{
	struct change change = {.self = self, .grant = &handle->grant};
	int64_t size = (int64_t)uio->left;
	int64_t result = proc_write_lines(self, uio, 4096, parse_line, &change);
	int error;

	(void)offset;
	if (result != size)
		return result < 0 ? result
				  : -EINVAL; /* its line has said why */
	error = change.named ? change_regs(self, handle, &change) : 0;
	return error ? refused(self, "regs", error) : size;
}

static int64_t
write_bin(struct thread *self, struct handle *handle, struct uio *uio,
	  uint64_t *offset)
{
	struct change change = {.grant = &handle->grant,
				.named = (uint32_t)((1ull << REGS) - 1)};
	int error;

	(void)offset;
	if (uio->left != sizeof(struct trace_regs))
		return refused_word(self, "regs.bin", -EINVAL,
				    "the size is another", NULL, 0);
	error = uio_take(uio, change.values, sizeof(struct trace_regs));
	if (!error)
		error = change_regs(self, handle, &change);
	return error ? refused(self, "regs.bin", error)
		     : (int64_t)sizeof(struct trace_regs);
}

const struct proc_row regs_row = {
	.name = "regs",
	.mode = KS_IFREG | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.of_threads = true,
	.make = make_text,
	.write = write_text,
};

const struct proc_row regs_bin_row = {
	.name = "regs.bin",
	.mode = KS_IFREG | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.of_threads = true,
	.make = make_bin,
	.write = write_bin,
};

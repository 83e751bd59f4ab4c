/*
 * proc:/<pid>/fpregs and fpregs.bin, and those of thread/<tid>/: floating-point
 * and vector registers of a thread that is held, or asleep.
 *
 * A line a register, in hexadecimal as many digits as it has; written like
 * `regs`, all lines of a write, or none.  What may be written is arch/'s policy
 * table.
 */
#include "proc.h"
#include "refused.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/trace.h"
#include "text.h"
#include "trace/session.h"

static const struct fpreg {
	const char *name;
	uint16_t offset, bytes;
} rows[] = {
#define FPREG(name, member, bytes, policy)                                     \
	{#name, offsetof(struct trace_fpregs, member), (bytes)},
#include "abi/fpregs.def"
#undef FPREG
};
#define ROWS	 (sizeof(rows) / sizeof(rows[0]))
#define UPPER_AT offsetof(struct trace_fpregs, ymmh)

static int
read_regs(struct handle *handle, struct trace_fpregs *regs)
{
	struct thread *thread = handle_thread(handle);
	int error;

	if (!thread)
		return -ESRCH;
	error = trace_fpregs_read(thread_self(), thread, regs);
	thread_put(thread);
	return error;
}

static void
put_reg(struct text_buffer *buffer, const struct trace_fpregs *regs,
	const struct fpreg *row)
{
	const uint8_t *bytes = (const uint8_t *)regs + row->offset;

	text_printf(buffer, "%s 0x", row->name);
	for (unsigned i = row->bytes; i-- > 0;)
		text_printf(buffer, "%02x", bytes[i]);
	text_printf(buffer, "\n");
}

static int
make_text(struct text_buffer *buffer, void *arg)
{
	struct trace_fpregs regs;
	int error = read_regs(arg, &regs);

	for (size_t i = 0; !error && i < ROWS; i++)
		if (rows[i].offset < UPPER_AT ||
		    (regs.parts & TRACE_FPREGS_AVX))
			put_reg(buffer, &regs, &rows[i]);
	return error;
}

static int
make_bin(struct text_buffer *buffer, void *arg)
{
	struct trace_fpregs regs;
	int error = read_regs(arg, &regs);

	if (!error)
		text_append(buffer, (const char *)&regs, sizeof(regs));
	return error;
}

/* What a write asks for: the rows that are named, in the places of values. */
struct change {
	struct thread *self;
	const struct grant *grant;
	uint64_t named;
	bool whole;
	struct trace_fpregs values;
};
_Static_assert(ROWS <= 64, "a bit a register");

static int
apply(struct trace_fpregs *regs, void *arg)
{
	const struct change *change = arg;

	if (grant_revoked(change->grant))
		return -EACCES;
	if (change->whole && (change->values.size != regs->size ||
			      change->values.parts != regs->parts))
		return -EINVAL;
	for (size_t i = 0; i < ROWS; i++)
		if (change->whole || change->named >> i & 1)
			memcpy((char *)regs + rows[i].offset,
			       (const char *)&change->values + rows[i].offset,
			       rows[i].bytes);
	return 0;
}

static int
change_regs(struct handle *handle, struct change *change)
{
	struct thread *thread = handle_thread(handle);
	int error;

	if (!thread)
		return -ESRCH;
	error = trace_fpregs_change(change->self, thread, apply, change);
	thread_put(thread);
	return error;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* `0x` and hexadecimal digits that fit. */
static int
parse_value(const struct setting *setting, uint8_t *bytes, size_t size)
{
	const char *text = setting->value;
	size_t digits = setting->value_length - 2;

	if (setting->value_length < 3 || text[0] != '0' || text[1] != 'x' ||
	    digits > 2 * size)
		return -EINVAL;
	memset(bytes, 0, size);
	for (size_t i = 0; i < digits; i++) {
		int value = digit(text[setting->value_length - 1 - i]);

		if (value < 0)
			return -EINVAL;
		bytes[i / 2] |= (uint8_t)(value << 4 * (i % 2));
	}
	return 0;
}

static int
parse_line(char *line, size_t length, void *arg)
{
	struct change *change = arg;
	struct setting setting;
	int error =
		proc_setting(change->self, "fpregs", line, length, &setting);

	if (error)
		return error;
	for (size_t i = 0; i < ROWS; i++) {
		if (!setting_is(&setting, rows[i].name))
			continue;
		change->named |= 1ull << i;
		if (!parse_value(&setting,
				 (uint8_t *)&change->values + rows[i].offset,
				 rows[i].bytes))
			return 0;
		return refused_word(change->self, "fpregs", -EINVAL,
				    "no 0x value of its size", setting.value,
				    setting.value_length);
	}
	return refused_word(change->self, "fpregs", -EINVAL, "no such register",
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
	error = change.named ? change_regs(handle, &change) : 0;
	return error ? refused(self, "fpregs", error) : size;
}

static int64_t
write_bin(struct thread *self, struct handle *handle, struct uio *uio,
	  uint64_t *offset)
{
	struct change change = {
		.self = self, .grant = &handle->grant, .whole = true};
	int error;

	(void)offset;
	if (uio->left != sizeof(change.values))
		return refused_word(self, "fpregs.bin", -EINVAL,
				    "the size is another", NULL, 0);
	error = uio_take(uio, &change.values, sizeof(change.values));
	if (!error)
		error = change_regs(handle, &change);
	return error ? refused(self, "fpregs.bin", error)
		     : (int64_t)sizeof(change.values);
}

const struct proc_row fpregs_row = {
	.name = "fpregs",
	.mode = KS_IFREG | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.of_threads = true,
	.make = make_text,
	.write = write_text,
};

const struct proc_row fpregs_bin_row = {
	.name = "fpregs.bin",
	.mode = KS_IFREG | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.of_threads = true,
	.make = make_bin,
	.write = write_bin,
};

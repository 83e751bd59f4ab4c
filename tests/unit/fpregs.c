/* with: kernel/arch/x86_64/fpregs.c */
/*
 * The policy of each floating-point register, by brute force: every register
 * with every single bit changed, with AVX and without XSAVE.  What passes must
 * be harmless to XRSTOR and must come back when it is read.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "test.h"

#define MXCSR_BITS 0xffffu
#define HEADER_AT  512
#define AREA_SIZE  832

enum policy { FREE, CONTROL, OPCODE, MXCSR, FIXED, UPPER };

static const struct row {
	const char *name;
	size_t offset, bytes;
	enum policy policy;
} rows[] = {
#define FPREG(name, member, bytes, policy)                                     \
	{#name, offsetof(struct trace_fpregs, member), (bytes), policy},
#include "abi/fpregs.def"
#undef FPREG
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

/* The processor: fpu.c's. */
static uint32_t parts;

uint32_t fpu_parts(void);
uint32_t fpu_mxcsr_bits(void);

uint32_t
fpu_parts(void)
{
	return parts;
}

uint32_t
fpu_mxcsr_bits(void)
{
	return MXCSR_BITS;
}

static const uint32_t processors[] = {0, 3, 7};

/* An area in which every byte of a register is another one. */
static struct arch_thread
thread_with(char area[AREA_SIZE])
{
	static const uint16_t fcw = 0x37f, opcode = 0x123;
	static const uint32_t mxcsr = 0x1f80, mask = 0xabcd;
	struct arch_thread thread = {.fpu = area, .loaded_cpu = 1};
	uint64_t header = parts;

	for (size_t i = 0; i < AREA_SIZE; i++)
		area[i] = (char)(i * 7 + 1);
	memcpy(area, &fcw, sizeof fcw);
	memcpy(area + 6, &opcode, sizeof opcode);
	memcpy(area + 24, &mxcsr, sizeof mxcsr);
	memcpy(area + 28, &mask, sizeof mask);
	if (parts) {
		memset(area + HEADER_AT, 0, 64);
		memcpy(area + HEADER_AT, &header, sizeof header);
	}
	return thread;
}

static int
allowed(const struct row *row, unsigned bit)
{
	switch (row->policy) {
	case FREE:
		return 1;
	case CONTROL:
		return 0x1f7f >> bit & 1;
	case OPCODE:
		return bit < 11;
	case MXCSR:
		return bit < 16;
	case UPPER:
		return parts == 7;
	case FIXED:
		break;
	}
	return 0;
}

static void
try_bit(const struct trace_fpregs *old, const struct row *row, unsigned bit)
{
	struct trace_fpregs new = *old;
	uint8_t *bytes = (uint8_t *)&new + row->offset;
	int wanted = allowed(row, bit) ? 0 : -ERANGE, got;

	bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	got = arch_fpregs_check(old, &new);
	if (got != wanted)
		test_fail(__FILE__, __LINE__, "%s bit %u with parts %u: %d",
			  row->name, bit, parts, got);
}

TEST(fpregs_policy_holds_for_every_bit_of_every_register)
{
	_Alignas(64) char area[AREA_SIZE];
	struct trace_fpregs old;

	for (size_t p = 0; p < 3; p++) {
		struct arch_thread thread;

		parts = processors[p];
		thread = thread_with(area);
		arch_fpregs_get(&thread, &old);
		for (size_t i = 0; i < ROWS; i++)
			for (unsigned bit = 0; bit < 8 * rows[i].bytes; bit++)
				try_bit(&old, &rows[i], bit);
	}
}

TEST(fpregs_write_of_the_same_values_always_passes)
{
	struct trace_fpregs regs;

	memset(&regs, 0xff, sizeof regs);
	CHECK_EQ(arch_fpregs_check(&regs, &regs), 0);
}

TEST(fpregs_set_gives_back_what_was_written)
{
	_Alignas(64) char area[AREA_SIZE];

	for (size_t p = 0; p < 3; p++) {
		struct arch_thread thread;
		struct trace_fpregs old, new, seen;

		parts = processors[p];
		thread = thread_with(area);
		arch_fpregs_get(&thread, &old);
		new = old;
		for (size_t i = 0; i < ROWS; i++)
			if (rows[i].policy == FREE)
				memset((char *)&new + rows[i].offset,
				       (int)i + 1, rows[i].bytes);
		if (parts == 7)
			memset(new.ymmh, 0x77, sizeof new.ymmh);
		CHECK_EQ(arch_fpregs_check(&old, &new), 0);
		arch_fpregs_set(&thread, &new);
		arch_fpregs_get(&thread, &seen);
		CHECK(memcmp(&seen, &new, sizeof new) == 0);
		CHECK_EQ(thread.loaded_cpu, 0);
	}
}

/* Whatever a tracer's bytes say that are no register. */
TEST(fpregs_set_never_writes_what_the_processor_reads_as_its_own)
{
	_Alignas(64) char area[AREA_SIZE];
	char before[AREA_SIZE];

	for (size_t p = 0; p < 3; p++) {
		struct arch_thread thread;
		struct trace_fpregs regs;

		parts = processors[p];
		thread = thread_with(area);
		memcpy(before, area, sizeof before);
		memset(&regs, 0xff, sizeof regs);
		arch_fpregs_set(&thread, &regs);
		CHECK_EQ(area[5], 0);
		CHECK(memcmp(area + 28, before + 28, 4) == 0);
		CHECK(memcmp(area + 416, before + 416, 512 - 416) == 0);
		CHECK(memcmp(area + 512, before + 512, 64) == 0);
		for (size_t i = 0; i < 8; i++)
			CHECK(memcmp(area + 42 + 16 * i, "\0\0\0\0\0", 6) == 0);
		if (parts != 7)
			CHECK(memcmp(area + 576, before + 576, 256) == 0);
	}
}

TEST(fpregs_left_out_of_the_area_have_their_first_values)
{
	_Alignas(64) char area[AREA_SIZE];
	struct trace_fpregs regs;
	struct arch_thread thread;

	parts = 7;
	thread = thread_with(area);
	memset(area + HEADER_AT, 0, 8);
	arch_fpregs_get(&thread, &regs);
	CHECK_EQ(regs.fcw, 0x37f);
	CHECK_EQ(regs.mxcsr, 0x1f80);
	CHECK_EQ(regs.fsw | regs.ftw | regs.fop, 0);
	CHECK_EQ(regs.fip | regs.fdp, 0);
	for (size_t i = 0; i < 16; i++)
		for (size_t n = 0; n < 16; n++)
			CHECK_EQ(regs.st[i % 8][n] | regs.xmm[i][n] |
					 regs.ymmh[i][n],
				 0);
}

TEST(fpregs_without_avx_show_no_upper_halves)
{
	_Alignas(64) char area[AREA_SIZE];
	struct trace_fpregs regs;
	struct arch_thread thread;

	for (size_t p = 0; p < 2; p++) {
		parts = processors[p];
		thread = thread_with(area);
		arch_fpregs_get(&thread, &regs);
		CHECK_EQ(regs.parts, 0);
		for (size_t i = 0; i < sizeof regs.ymmh; i++)
			CHECK_EQ(((char *)regs.ymmh)[i], 0);
	}
}

TEST(fpregs_have_every_byte_defined)
{
	_Alignas(64) char area[AREA_SIZE];
	struct trace_fpregs a, b;
	struct arch_thread thread;

	for (size_t p = 0; p < 3; p++) {
		parts = processors[p];
		thread = thread_with(area);
		memset(&a, 0x11, sizeof a);
		memset(&b, 0xee, sizeof b);
		arch_fpregs_get(&thread, &a);
		arch_fpregs_get(&thread, &b);
		CHECK(memcmp(&a, &b, sizeof a) == 0);
		CHECK_EQ(a.size, sizeof a);
		CHECK_EQ(a.zero, 0);
	}
}

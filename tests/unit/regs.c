/* with: kernel/arch/x86_64/regs.c */
/*
 * The policy of each register, by brute force: every register, at every place,
 * with every value that sits on a boundary, every single bit changed, and every
 * pair of registers.  What passes must be harmless to IRETQ, SYSRET and WRMSR,
 * and must come back when it is read.
 */
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "arch/x86_64/arch.h"
#include "test.h"

#define FLAGS_USER 0x40cd5u
#define NONE	   UINT64_MAX

enum policy { FREE, USER, FLAGS, FIXED, RESULT, NUMBER };

static const struct row {
	const char *name;
	size_t offset;
	enum policy policy;
} rows[] = {
#define REG(name, policy) {#name, offsetof(struct trace_regs, name), policy},
#include "abi/regs.def"
#undef REG
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static const enum arch_regs_at places[] = {REGS_OUTSIDE, REGS_IN_CALL,
					   REGS_AT_ENTER, REGS_AT_LEAVE};
#define PLACES (sizeof(places) / sizeof(places[0]))

static const uint64_t values[] = {
	0,
	1,
	2,
	0xffff,
	0x10000,
	0x7fffffff,
	0x80000000,
	0x7fffffffe000,
	0x7fffffffefff,
	0x7ffffffff000,
	0x7fffffffffff,
	0x800000000000,
	0xffff7fffffffffff,
	0xffff800000000000,
	0xffffffff80000000,
	0x7fffffffffffffff,
	0x8000000000000000,
	UINT64_MAX - 1,
	UINT64_MAX,
};
#define VALUES (sizeof(values) / sizeof(values[0]))

static uint64_t *
reg(struct trace_regs *regs, size_t i)
{
	return (uint64_t *)(void *)((char *)regs + rows[i].offset);
}

/* A thread in the middle of something, as the kernel would show it. */
static struct trace_regs
sample(enum arch_regs_at at)
{
	struct trace_regs regs;
	bool inside = at != REGS_OUTSIDE;

	for (size_t i = 0; i < ROWS; i++)
		*reg(&regs, i) = 0x1000 + i;
	regs.orig_rax = inside ? 0x1003 : NONE;
	regs.rip = 0x401234;
	regs.rsp = 0x7ffffffe0000;
	regs.rflags = 0x202;
	regs.cs = 0x33;
	regs.ss = 0x2b;
	regs.fs_base = 0x600000;
	regs.gs_base = 0;
	regs.ds = regs.es = regs.fs = regs.gs = 0;
	return regs;
}

/* What the table says, said again in other words. */
static int
expected(size_t i, uint64_t old, uint64_t new, enum arch_regs_at at)
{
	bool unfinished = at == REGS_IN_CALL || at == REGS_AT_ENTER;

	if (old == new)
		return 0;
	switch (rows[i].policy) {
	case FREE:
		return 0;
	case USER:
		return new <= 0x7fffffffefff ? 0 : -ERANGE;
	case FLAGS:
		return (new | FLAGS_USER) == (old | FLAGS_USER) ? 0 : -ERANGE;
	case FIXED:
		return -ERANGE;
	case RESULT:
		return unfinished ? -EBUSY : 0;
	case NUMBER:
		return at == REGS_AT_ENTER ? 0 : -ERANGE;
	}
	return 1;
}

static void
try_one(size_t i, uint64_t value, enum arch_regs_at at)
{
	struct trace_regs old = sample(at), new = old;
	int wanted = expected(i, *reg(&old, i), value, at);
	int got;

	*reg(&new, i) = value;
	got = arch_regs_check(&old, &new, at);
	if (got != wanted)
		test_fail(__FILE__, __LINE__, "%s = %#llx at %d: %d, not %d",
			  rows[i].name, (unsigned long long)value, (int)at, got,
			  wanted);
}

/* A thread with a kernel stack that holds nothing but the frame. */
struct held {
	struct arch_thread thread;
	_Alignas(16) char stack[1024];
};

static void
held_init(struct held *held, const struct trace_regs *regs)
{
	memset(held, 0, sizeof(*held));
	held->thread.stack_top = (uint64_t)(held->stack + sizeof(held->stack));
	held->thread.fs_base = regs->fs_base;
	held->thread.gs_base = regs->gs_base;
	held->thread.loaded_cpu = 1;
	memcpy(arch_frame(&held->thread), regs, sizeof(struct frame));
}

TEST(regs_policy_holds_at_every_boundary_of_every_register)
{
	for (size_t p = 0; p < PLACES; p++)
		for (size_t i = 0; i < ROWS; i++)
			for (size_t v = 0; v < VALUES; v++)
				try_one(i, values[v], places[p]);
}

TEST(regs_policy_holds_for_every_bit_of_every_register)
{
	for (size_t p = 0; p < PLACES; p++) {
		struct trace_regs old = sample(places[p]);

		for (size_t i = 0; i < ROWS; i++)
			for (unsigned bit = 0; bit < 64; bit++)
				try_one(i, *reg(&old, i) ^ 1ull << bit,
					places[p]);
	}
}

TEST(regs_policy_holds_for_every_pair_of_flags)
{
	for (unsigned a = 0; a < 64; a++) {
		for (unsigned b = 0; b < 64; b++) {
			struct trace_regs old = sample(REGS_OUTSIDE);
			size_t i = 0;

			while (rows[i].policy != FLAGS)
				i++;
			try_one(i, old.rflags ^ 1ull << a ^ 1ull << b,
				REGS_OUTSIDE);
		}
	}
}

TEST(regs_write_is_refused_whole_if_any_register_is_wrong)
{
	for (size_t good = 0; good < ROWS; good++) {
		for (size_t bad = 0; bad < ROWS; bad++) {
			struct trace_regs old = sample(REGS_OUTSIDE);
			struct trace_regs new = old;

			if (rows[bad].policy == FREE ||
			    rows[bad].policy == RESULT || good == bad)
				continue;
			*reg(&new, good) ^= 1;
			*reg(&new, bad) = 1ull << 63;
			CHECK_EQ(arch_regs_check(&old, &new, REGS_OUTSIDE),
				 -ERANGE);
		}
	}
}

TEST(regs_write_of_the_same_values_always_passes)
{
	for (size_t p = 0; p < PLACES; p++) {
		struct trace_regs regs = sample(places[p]);

		/* a program's own doing, and none of ours to refuse */
		regs.rsp = 0x8000000000000000;
		regs.rflags = 0x44a86;
		CHECK_EQ(arch_regs_check(&regs, &regs, places[p]), 0);
	}
}

TEST(regs_that_pass_are_harmless_to_the_way_back)
{
	uint64_t state = 1;

	for (long n = test_size(200000, 20000000); n; n--) {
		struct trace_regs old = sample(REGS_AT_LEAVE), new = old;
		size_t i;

		state = state * 6364136223846793005u + 1442695040888963407u;
		i = (state >> 33) % ROWS;
		*reg(&new, i) =
			values[(state >> 40) % VALUES] ^ (state >> 20 & 0xff);
		if (arch_regs_check(&old, &new, REGS_AT_LEAVE))
			continue;
		CHECK(new.rip >> 47 == 0);
		CHECK(new.fs_base >> 47 == 0);
		CHECK(new.gs_base >> 47 == 0);
		CHECK_EQ(new.cs, 0x33);
		CHECK_EQ(new.ss, 0x2b);
		CHECK_EQ(new.rflags & ~(uint64_t)FLAGS_USER, 0x202);
	}
}

TEST(regs_set_gives_back_what_was_written)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct trace_regs old = sample(REGS_AT_ENTER), new = old, seen;
		struct held held;

		*reg(&new, i) = rows[i].policy == FLAGS ? 0x40ad7 : 0x12345000;
		if (arch_regs_check(&old, &new, REGS_AT_ENTER))
			continue;
		held_init(&held, &old);
		arch_regs_set(&held.thread, &new);
		arch_regs_get(&held.thread, &seen);
		CHECK(memcmp(&seen, &new, sizeof(new)) == 0);
	}
}

TEST(regs_set_makes_the_thread_take_the_safe_way_and_load_its_bases)
{
	struct trace_regs regs = sample(REGS_OUTSIDE);
	struct held held;

	held_init(&held, &regs);
	arch_regs_set(&held.thread, &regs);
	CHECK(held.thread.flags & ARCH_FLAG_TOUCHED);
	CHECK_EQ(held.thread.loaded_cpu, 0);
}

TEST(regs_never_show_the_trap_flag_and_never_lose_it)
{
	struct trace_regs regs = sample(REGS_OUTSIDE), seen, with_tf;
	struct held held;

	held_init(&held, &regs);
	arch_frame(&held.thread)->rflags |= 0x100;
	arch_regs_get(&held.thread, &seen);
	CHECK_EQ(seen.rflags, 0x202);
	with_tf = seen;
	with_tf.rflags |= 0x100;
	CHECK_EQ(arch_regs_check(&seen, &with_tf, REGS_OUTSIDE), -ERANGE);
	seen.rflags |= 1;
	CHECK_EQ(arch_regs_check(&seen, &seen, REGS_OUTSIDE), 0);
	arch_regs_set(&held.thread, &seen);
	CHECK_EQ(arch_frame(&held.thread)->rflags, 0x303);
}

/*
 * No value written through regs changes privilege or harms the kernel: it is
 * refused whole (ERANGE), and a read shows the old value.  The tracee then runs
 * on, so that what was taken in spite of that would be met.
 */
#include <stddef.h>
#include "trace/tracing.h"

#define BIT(n) (1ull << (n))

enum place { AT_ENTER, AT_LEAVE, ASLEEP, OUTSIDE, AT_SIGNAL, AT_FAULT, PLACES };

static struct tracee t;
static int session;

/* Spins when told so, until a tracer writes the flag. */
static volatile char go_on;

static void
asks_or_spins(const struct tracee *u)
{
	char byte;

	signal(SIGUSR1, SIG_IGN);
	while (read(u->in, &byte, 1) == 1) {
		while (byte == 's' && !go_on)
			;
		if (byte == 'u')
			__asm__ volatile("ud2");
		tell(u, call0(SYS_getppid));
	}
}

static void
hold_at(const char *event)
{
	CHECK(putf(session, "on %s getppid hold\n", event) > 0);
	go(&t);
	CHECK_EQ(strncmp(next_event(session).what, "hold ", 5), 0);
}

/* Its signal, ignored; it sleeps in a read. */
static void
hold_at_signal(void)
{
	PUT(session, "on signal SIGUSR1 hold\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT_START(session, "hold signal SIGUSR1 ");
}

static void
hold_at_fault(void)
{
	PUT(session, "on fault ud hold\n");
	CHECK_EQ(write(t.to, "u", 1), 1);
	EXPECT_START(session, "hold fault ud ");
}

static void
begin(enum place place)
{
	t = tracee_start(asks_or_spins);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	session = controller(t.pid);
	if (place == AT_ENTER || place == AT_LEAVE)
		hold_at(place == AT_ENTER ? "enter" : "leave");
	if (place == AT_SIGNAL)
		hold_at_signal();
	if (place == AT_FAULT)
		hold_at_fault();
	if (place == OUTSIDE) {
		CHECK_EQ(write(t.to, "s", 1), 1);
		wait_state(t.pid, TRACE_STATE_RUNNING);
	}
	if (place == OUTSIDE || place == ASLEEP) {
		PUT(session, "stop\n");
		CHECK_EQ(strncmp(next_event(session).what, "hold stop", 9), 0);
	}
}

/* Behind the instruction that faulted, which is not to be a signal. */
static void
step_over_ud2(void)
{
	struct trace_regs regs;

	CHECK_EQ(regs_get(t.pid, &regs), 0);
	regs.rip += 2;
	CHECK_EQ(regs_put(t.pid, &regs), 0);
	PUT(session, "signal 0\n");
}

/* It runs on as if nothing had been written. */
static void
end(enum place place)
{
	if (place == AT_FAULT)
		step_over_ud2();
	if (place == OUTSIDE) {
		int mem = proc_open(t.pid, "mem", O_RDWR);

		CHECK_EQ(pwrite(mem, "1", 1, (off_t)(uintptr_t)&go_on), 1);
		close(mem);
	}
	close(session);
	if (place == ASLEEP || place == AT_SIGNAL)
		go(&t);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

/* Writes one register, packed and in text: refused, and the old value stands.
 */
static void
refused_by(const char *name, size_t offset, uint64_t value, int error)
{
	struct trace_regs old, bad, now;
	char line[64];

	CHECK_EQ(regs_get(t.pid, &old), 0);
	bad = old;
	bad.rbx = 0x1122334455667788;
	memcpy((char *)&bad + offset, &value, sizeof value);
	CHECK_ERRNO(regs_put(t.pid, &bad), error);
	snprintf(line, sizeof line, "rbx 0x99\n%s 0x%lx\n", name,
		 (unsigned long)value);
	CHECK_ERRNO(regs_write(t.pid, line), error);
	snprintf(line, sizeof line, "%s=0x%lx\nr12 7\n", name,
		 (unsigned long)value);
	CHECK_ERRNO(regs_write(t.pid, line), error);
	CHECK_EQ(regs_get(t.pid, &now), 0);
	CHECK_EQ(memcmp(&old, &now, sizeof old), 0);
}

#define REFUSED_REG(reg, value)                                                \
	refused_by(#reg, offsetof(struct trace_regs, reg), (value), ERANGE)

/* ---- addresses ---- */

/* The last page below the hole is nobody's: SYSRET behind its last byte would
 * fault in the kernel. */
static const uint64_t kernel_addresses[] = {
	0x00007ffffffff000, 0x00007fffffffffff, 0x0000800000000000,
	0x0000800000000001, 0x0001000000000000, 0x7fffffffffffffff,
	0x8000000000000000, 0xfffe000000000000, 0xffff7fffffffffff,
	0xffff800000000000, 0xffffffff80000000, 0xffffffff80100000,
	0xfffffffffffff000, 0xffffffffffffffff,
};
#define ADDRESSES (sizeof(kernel_addresses) / sizeof(kernel_addresses[0]))

TEST(rip_rsp_and_bases_are_canonical_and_the_users)
{
	for (enum place place = 0; place < PLACES; place++) {
		begin(place);
		for (size_t i = 0; i < ADDRESSES; i++) {
			REFUSED_REG(rip, kernel_addresses[i]);
			REFUSED_REG(rsp, kernel_addresses[i]);
			REFUSED_REG(fs_base, kernel_addresses[i]);
			REFUSED_REG(gs_base, kernel_addresses[i]);
		}
		end(place);
	}
}

/* ---- flags ---- */

TEST(rflags_that_are_not_the_users_cannot_be_changed)
{
	/* CF PF AF ZF SF DF OF AC */
	const uint64_t user = BIT(0) | BIT(2) | BIT(4) | BIT(6) | BIT(7) |
			      BIT(10) | BIT(11) | BIT(18);

	for (enum place place = 0; place < PLACES; place++) {
		struct trace_regs regs;

		begin(place);
		CHECK_EQ(regs_get(t.pid, &regs), 0);
		CHECK_EQ(regs.rflags & BIT(9), BIT(9)); /* IF */
		CHECK_EQ(regs.rflags & (BIT(8) | BIT(17) | BIT(14) | 0x3000),
			 0);
		for (int bit = 0; bit < 64; bit++)
			if (!(user & BIT(bit)))
				REFUSED_REG(rflags, regs.rflags ^ BIT(bit));
		REFUSED_REG(rflags, regs.rflags | 0x3000); /* IOPL 3 */
		REFUSED_REG(rflags, 0);
		REFUSED_REG(rflags, UINT64_MAX);
		end(place);
	}
}

TEST(users_own_flags_are_taken_and_arrive)
{
	struct trace_regs regs, now;

	begin(OUTSIDE);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	regs.rflags ^= BIT(0) | BIT(2) | BIT(4) | BIT(6) | BIT(7) | BIT(11);
	CHECK_EQ(regs_put(t.pid, &regs), 0);
	CHECK_EQ(regs_get(t.pid, &now), 0);
	CHECK_EQ(memcmp(&regs, &now, sizeof now), 0);
	end(OUTSIDE);
}

/* ---- segments ---- */

TEST(segments_are_fixed)
{
	static const uint64_t selectors[] = {
		0,    0x08, 0x10, 0x18, 0x1b, 0x20,   0x23,    0x28,	  0x2b,
		0x30, 0x33, 0x38, 0x3b, 0x40, 0xffff, 0x10000, UINT64_MAX};

	for (enum place place = 0; place < PLACES; place++) {
		struct trace_regs regs;

		begin(place);
		CHECK_EQ(regs_get(t.pid, &regs), 0);
		CHECK_EQ(regs.cs & 3, 3);
		CHECK_EQ(regs.ss & 3, 3);
		for (size_t i = 0; i < sizeof(selectors) / sizeof(uint64_t);
		     i++) {
			uint64_t s = selectors[i];

			if (s != regs.cs)
				REFUSED_REG(cs, s);
			if (s != regs.ss)
				REFUSED_REG(ss, s);
			if (s != regs.ds)
				REFUSED_REG(ds, s);
			if (s != regs.es)
				REFUSED_REG(es, s);
			if (s != regs.fs)
				REFUSED_REG(fs, s);
			if (s != regs.gs)
				REFUSED_REG(gs, s);
		}
		end(place);
	}
}

/* ---- the call's number ---- */

TEST(orig_rax_is_written_at_enter_only)
{
	static const enum place others[] = {AT_LEAVE, ASLEEP, OUTSIDE,
					    AT_SIGNAL, AT_FAULT};

	for (int i = 0; i < 5; i++) {
		begin(others[i]);
		REFUSED_REG(orig_rax, 5);
		REFUSED_REG(orig_rax, SYS_getpid);
		end(others[i]);
	}
}

TEST(number_wider_than_the_table_is_no_call)
{
	static const uint64_t numbers[] = {
		SYS_getppid | BIT(32), SYS_getppid | BIT(63),
		0xffffffff00001000,    SYSCALL_END,
		UINT64_MAX - 1,	       0,
		0x7fffffffffffffff,    SYS_getppid + 0x10000,
	};

	t = tracee_start(asks_for_parent);
	session = controller(t.pid);
	PUT(session, "on enter getppid hold\n");
	for (size_t i = 0; i < sizeof(numbers) / sizeof(uint64_t); i++) {
		char line[64];

		go(&t);
		EXPECT(session, "hold enter getppid");
		snprintf(line, sizeof line, "orig_rax 0x%lx\n",
			 (unsigned long)numbers[i]);
		CHECK_EQ(regs_write(t.pid, line), 0);
		PUT(session, "run\n");
		CHECK_EQ(told(&t), -ENOSYS);
		go(&t);
		EXPECT(session, "hold enter getppid");
		snprintf(line, sizeof line, "args 0x%lx 0 0 0 0 0 0\nrun\n",
			 (unsigned long)numbers[i]);
		PUT(session, line);
		CHECK_EQ(told(&t), -ENOSYS);
	}
	close(session);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- what is taken is met only by the tracee ---- */

static void
written(const char *lines, int status)
{
	begin(OUTSIDE);
	CHECK_EQ(regs_write(t.pid, lines), 0);
	close(session);
	CHECK_EQ(tracee_end(&t), status);
}

TEST(bad_but_canonical_values_hurt_only_the_tracee)
{
	written("rip 0\n", 1000 + SIGSEGV);
	written("rip 0x7fffffffefff\n", 1000 + SIGSEGV);
	written("rip 0x10\nrsp 0\n", 1000 + SIGSEGV);
	written("rip 0x7fffffffeffe\nrsp 0x7fffffffeff8\n", 1000 + SIGSEGV);
}

TEST(stack_pointer_at_the_end_of_user_space_in_a_call_hurts_nobody)
{
	begin(AT_LEAVE);
	CHECK_EQ(regs_write(t.pid, "rsp 0x7fffffffefff\n"), 0);
	close(session);
	CHECK(tracee_end(&t) > 1000);
	begin(AT_ENTER);
	CHECK_EQ(regs_write(t.pid, "rip 0x7fffffffefff\n"), 0);
	close(session);
	CHECK_EQ(tracee_end(&t), 1000 + SIGSEGV);
}

TEST(bases_that_were_written_arrive_and_survive_switches)
{
	struct trace_regs regs, now;

	begin(OUTSIDE);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	regs.gs_base = 0x123456789000;
	regs.fs_base = 0x7fffffffe000;
	CHECK_EQ(regs_put(t.pid, &regs), 0);
	PUT(session, "run\n");
	for (int i = 0; i < 20; i++)
		sched_yield();
	CHECK(putf(session, "stop tid %d\n", (int)t.pid) > 0);
	CHECK_STR(next_event(session).what, "hold stop");
	CHECK_EQ(regs_get(t.pid, &now), 0);
	CHECK_EQ(now.gs_base, 0x123456789000);
	CHECK_EQ(now.fs_base, 0x7fffffffe000);
	close(session);
	tracee_kill(&t);
}

/* ---- whole or not at all ---- */

TEST(every_general_register_is_written_and_read_back_whole)
{
	struct trace_regs regs, now;

	begin(OUTSIDE);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	regs.r15 = 0xf15;
	regs.r14 = 0xf14;
	regs.r13 = 0xf13;
	regs.r12 = 0xf12;
	regs.rbp = 0xfb9;
	regs.rbx = 0xfb8;
	regs.r11 = 0xf11;
	regs.r10 = 0xffffffffffffffff;
	regs.r9 = 0xf9;
	regs.r8 = 0xf8;
	regs.rax = 0xffff800000000000;
	regs.rcx = 0xfc;
	regs.rdx = 0xfd;
	regs.rsi = 0xf5;
	regs.rdi = 0xf1;
	regs.rsp = 0x7ffffffff000 - 8;
	CHECK_EQ(regs_put(t.pid, &regs), 0);
	CHECK_EQ(regs_get(t.pid, &now), 0);
	CHECK_EQ(memcmp(&regs, &now, sizeof now), 0);
	close(session);
	tracee_kill(&t);
}

TEST(packed_registers_of_a_wrong_length_are_EINVAL)
{
	struct trace_regs regs[2];
	int fd;

	begin(OUTSIDE);
	CHECK_EQ(regs_get(t.pid, regs), 0);
	regs[1] = regs[0];
	fd = proc_open(t.pid, "regs.bin", O_RDWR);
	for (size_t n = 1; n <= sizeof regs; n++)
		if (n != sizeof regs[0])
			CHECK_ERRNO(write(fd, regs, n), EINVAL);
	CHECK_EQ(pwrite(fd, regs, sizeof regs[0], 12345), sizeof regs[0]);
	close(fd);
	end(OUTSIDE);
}

TEST(lines_of_registers_that_are_none_are_EINVAL_and_change_nothing)
{
	static const char *const lines[] = {
		"rbx\n",
		"rbx \n",
		"rbx x\n",
		"rbx 1 2\n",
		"rbq 1\n",
		"rbx 0x\n",
		"rbx -ENONE\n",
		"rbx 1\nrcx\n",
		"rbx 1\nnone 2\n",
		"rbx 1",
		"rbx 1\nrcx 2",
		"\n",
		"=5\n",
		"rbx 0x10000000000000000\n",
		"xmm0 1\n",
		"dr7 1\n",
		"cr3 0\n",
	};
	struct trace_regs old, now;

	begin(OUTSIDE);
	CHECK_EQ(regs_get(t.pid, &old), 0);
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		CHECK_ERRNO(regs_write(t.pid, lines[i]), EINVAL);
	CHECK_EQ(regs_get(t.pid, &now), 0);
	CHECK_EQ(memcmp(&old, &now, sizeof old), 0);
	end(OUTSIDE);
}

TEST(registers_of_a_running_thread_are_EBUSY)
{
	struct trace_regs regs = {0};

	t = tracee_start(spins);
	CHECK_EQ(told(&t), 0);
	session = controller(t.pid);
	CHECK_ERRNO(regs_get(t.pid, &regs), EBUSY);
	CHECK_ERRNO(regs_put(t.pid, &regs), EBUSY);
	CHECK_ERRNO(regs_write(t.pid, "rbx 1\n"), EBUSY);
	close(session);
	tracee_kill(&t);
}

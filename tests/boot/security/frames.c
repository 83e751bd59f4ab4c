/*
 * A handler is entered and left by way of the user's memory: whatever a tracer
 * writes there hurts the tracee alone.
 */
#include <proctor/abi/signal.h>
#include "trace/scene.h"

static int session;

static struct abi_ucontext *volatile context_at;

static void
handler(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	context_at = context;
	call0(SYS_getppid);
}

static void
handles(const struct tracee *u)
{
	struct sigaction action = {.sa_sigaction = handler,
				   .sa_flags = SA_SIGINFO};
	char byte;
	ssize_t n;

	sigaction(SIGUSR1, &action, NULL);
	do
		n = read(u->in, &byte, 1);
	while (n == 1 || (n < 0 && errno == EINTR));
}

static void
begin_handling(const char *rules)
{
	tester_end_count = 0;
	t = tracee_start(handles);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	session = controller(t.pid);
	PUT(session, rules);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT_START(session, "hold ");
}

/* Let go, it runs for a while on what it was given, unless that ends it. */
static void
end_handling(void)
{
	close(session);
	close(t.to);
	for (int i = 0; i < 20; i++)
		sched_yield();
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	wait_for(t.pid);
	close(t.from);
}

TEST(stack_pointer_that_is_no_stack_at_a_signal_hurts_only_the_tracee)
{
	static const uint64_t stacks[] = {
		0, 8, 0x10000, 0x400100, 0x7fffffffefff, 0x7ffffffff000 - 8};

	for (size_t i = 0; i < sizeof(stacks) / sizeof(stacks[0]); i++) {
		char line[64];

		begin_handling("on signal SIGUSR1 hold\n");
		snprintf(line, sizeof line, "rsp 0x%lx\n",
			 (unsigned long)stacks[i]);
		CHECK_EQ(regs_write(t.pid, line), 0);
		close(session);
		CHECK_EQ(tracee_end(&t), 1000 + SIGSEGV);
	}
}

/* Each word of what a handler returns to, made bad by way of mem: whoever loads
 * it unchecked faults in the kernel. */
TEST(signal_frame_with_any_bad_word_hurts_only_the_tracee)
{
	static const uint64_t bad[] = {UINT64_MAX, 0x0000800000000000,
				       0xffffffff80100000};

	for (size_t word = 0; word < sizeof(struct abi_ucontext) / 8; word++) {
		off_t at = (off_t)(uintptr_t)&context_at;
		struct abi_ucontext *context;
		int mem;

		begin_handling("on enter getppid hold\n");
		mem = proc_open(t.pid, "mem", O_RDWR);
		CHECK_EQ(pread(mem, &context, sizeof context, at),
			 sizeof context);
		at = (off_t)(uintptr_t)context + (off_t)word * 8;
		CHECK_EQ(pwrite(mem, &bad[word % 3], 8, at), 8);
		close(mem);
		end_handling();
	}
}

/* The floating-point state lies apart: its reserved bits too. */
TEST(signal_frame_with_bad_floating_point_state_hurts_only_the_tracee)
{
	for (size_t word = 0; word < 80; word++) {
		static const uint64_t bad = UINT64_MAX;
		off_t at = (off_t)(uintptr_t)&context_at;
		struct abi_ucontext *context;
		uint64_t state;
		int mem;

		begin_handling("on enter getppid hold\n");
		mem = proc_open(t.pid, "mem", O_RDWR);
		CHECK_EQ(pread(mem, &context, sizeof context, at),
			 sizeof context);
		CHECK_EQ(pread(mem, &state, sizeof state,
			       (off_t)(uintptr_t)&context->mcontext.fpstate),
			 sizeof state);
		CHECK_EQ(pwrite(mem, &bad, 8, (off_t)state + (off_t)word * 8),
			 8);
		close(mem);
		end_handling();
	}
}

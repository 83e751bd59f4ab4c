/*
 * libtrace over the same files: what its header promises.
 */
#include <trace.h>
#include "trace/tracing.h"

#define HELPER "/test/proc/helper"

static void
words(char *argv[], const char *const from[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		argv[i] = strdup(from[i]);
	argv[n] = NULL;
}

static struct trace *
spawned(const char *what, const char *count, pid_t *pid)
{
	const char *const from[] = {HELPER, what, count};
	char *argv[4];
	struct trace *trace;

	words(argv, from, 3);
	CHECK_EQ(trace_spawn(&trace, HELPER, argv, NULL, pid), 0);
	return trace;
}

TEST(spawned_program_is_held_at_start_and_is_the_callers_child)
{
	struct trace_event e;
	pid_t pid;
	struct trace *trace = spawned("ask", "3", &pid);

	CHECK_EQ(status_of(pid).state, TRACE_STATE_HELD);
	CHECK_EQ(status_of(pid).ppid, getpid());
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.type, TRACE_EV_start);
	CHECK_EQ(e.pid, pid);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.type, TRACE_EV_end);
	CHECK_EQ(trace_next(trace, &e, -1), 0);
	trace_close(trace);
	CHECK_EQ(exit_status(wait_for(pid)), 0);
}

TEST(spawn_of_what_is_no_program_fails_and_leaves_nothing)
{
	const char *const from[] = {"x"};
	char *argv[2], *none[1] = {NULL};
	struct trace *trace = NULL;

	words(argv, from, 1);
	CHECK_EQ(trace_spawn(&trace, "/no/such", argv, NULL, NULL), -ENOENT);
	CHECK_EQ(trace_spawn(&trace, "/bin", argv, NULL, NULL), -EACCES);
	CHECK_EQ(trace_spawn(&trace, "/bin/true", none, NULL, NULL), -EINVAL);
	CHECK(trace == NULL);
	CHECK_EQ(trace_attach(&trace, 4000000, 0), -ENOENT);
	CHECK_EQ(trace_attach(&trace, getpid(), 0), -EDEADLK);
	CHECK_EQ(trace_attach(&trace, 1, 0), -EACCES);
	CHECK_EQ(trace_attach(&trace, 1, 64), -EINVAL);
	CHECK(trace == NULL);
	trace_close(NULL);
	CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
}

TEST(closing_before_the_second_next_kills_the_child)
{
	struct trace_event e;
	pid_t pid;
	struct trace *trace = spawned("ask", "3", &pid);

	CHECK_EQ(trace_next(trace, &e, -1), 1);
	trace_close(trace);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
}

TEST(calls_are_held_changed_and_let_go)
{
	static const uint64_t none[6] = {0};
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_event e;
	struct trace *trace;

	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_return(trace, 1), -ESRCH);
	CHECK_EQ(trace_on(trace, "enter", "getppid", "hold"), 0);
	go(&t);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.word[0], SYS_getppid);
	CHECK_EQ(trace_return(trace, 17), 0);
	CHECK_EQ(trace_run(trace), 0);
	CHECK_EQ(trace_run(trace), -ESTALE);
	CHECK_EQ(told(&t), 17);
	go(&t);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(trace_args(trace, SYS_getpid, none), 0);
	CHECK_EQ(trace_on(trace, "enter", "getppid", "off"), 0);
	CHECK_EQ(trace_on(trace, "leave", "getpid", "hold"), 0);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.type, TRACE_EV_leave);
	CHECK_EQ(e.word[7], t.pid);
	trace_close(trace);
	CHECK_EQ(told(&t), t.pid);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(next_gives_ETIMEDOUT_and_loses_nothing)
{
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_event e;
	struct trace *trace;

	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_on(trace, "enter", "getppid", "hold"), 0);
	CHECK_EQ(trace_next(trace, &e, 0), -ETIMEDOUT);
	CHECK_EQ(trace_next(trace, &e, 20), -ETIMEDOUT);
	go(&t);
	CHECK_EQ(trace_next(trace, &e, 10000), 1);
	CHECK_EQ(e.type, TRACE_EV_enter);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(trace_next(trace, &e, 20), -ETIMEDOUT);
	CHECK_EQ(told(&t), getpid());
	trace_close(trace);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(observer_sees_and_cannot_edit)
{
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_event e;
	struct trace *trace;

	CHECK_EQ(trace_attach(&trace, t.pid, TRACE_OBSERVE), 0);
	CHECK_EQ(trace_on(trace, "enter", "*", "hold"), -EBADF);
	CHECK_EQ(trace_stop(trace, t.pid), -EBADF);
	CHECK_EQ(trace_next(trace, &e, 0), -ETIMEDOUT);
	go(&t);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.type, TRACE_EV_leave);
	trace_close(trace);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exclusive_attach_keeps_others_out)
{
	struct tracee t = tracee_start(sleeps);
	struct trace *trace, *other = NULL;

	CHECK_EQ(trace_attach(&trace, t.pid, TRACE_EXCLUSIVE), 0);
	CHECK_EQ(trace_attach(&other, t.pid, 0), -EBUSY);
	trace_close(trace);
	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_attach(&other, t.pid, TRACE_EXCLUSIVE), -EEXIST);
	CHECK(other == NULL);
	trace_close(trace);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exec_gives_its_path_and_memory_follows_the_new_image)
{
	const char *const from[] = {HELPER, "ask", "1"};
	char *argv[4], text[16] = "";
	struct trace_event e;
	struct trace *trace, *second;
	pid_t pid;

	words(argv, from, 3);
	pid = fork();
	if (pid == 0) {
		/* the second session comes when all is set up */
		while (status_of(getpid()).tracers < 2)
			sched_yield();
		execv(HELPER, argv);
		_exit(1);
	}
	CHECK_EQ(trace_attach(&trace, pid, 0), 0);
	CHECK_EQ(trace_on(trace, "exec", NULL, "hold"), 0);
	CHECK_EQ(trace_attach(&second, pid, TRACE_OBSERVE), 0);
	CHECK_EQ(trace_read(trace, pid, (uintptr_t)HELPER, text, 5), 5);
	CHECK_STR(text, "/test");
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.type, TRACE_EV_exec);
	CHECK_STR(trace_path(trace), HELPER);
	CHECK_EQ(trace_read(trace, pid, 0x400000, text, 4), 4);
	CHECK_EQ(memcmp(text, "\177ELF", 4), 0);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_STR(trace_path(trace), "");
	trace_close(second);
	trace_close(trace);
	CHECK_EQ(exit_status(wait_for(pid)), 0);
}

TEST(strings_are_read_up_to_their_end_or_a_hole)
{
	static char text[] = "a string";
	struct tracee t = tracee_start(sleeps);
	struct trace *trace;
	char seen[32];

	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_read_string(trace, t.pid, (uintptr_t)text, seen, 32), 8);
	CHECK_STR(seen, "a string");
	CHECK_EQ(trace_read_string(trace, t.pid, (uintptr_t)text, seen, 5), 4);
	CHECK_STR(seen, "a st");
	CHECK_EQ(trace_read_string(trace, t.pid, 0, seen, 32), -EFAULT);
	CHECK_EQ(trace_read(trace, t.pid, 1ull << 63, seen, 1), -EFAULT);
	CHECK_EQ(trace_write(trace, t.pid, UINT64_MAX, seen, 1), -EFAULT);
	CHECK_EQ(trace_read_string(trace, t.pid, (uintptr_t)text, seen, 0),
		 -EINVAL);
	trace_close(trace);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(registers_are_read_and_written_while_it_is_held)
{
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_event e;
	struct trace_regs regs;
	struct trace *trace;

	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_on(trace, "leave", "getppid", "hold"), 0);
	go(&t);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(trace_get_regs(trace, t.pid, &regs), 0);
	CHECK_EQ(regs.rip, e.ip);
	CHECK_EQ(regs.rsp, e.sp);
	regs.rax = 4711;
	CHECK_EQ(trace_set_regs(trace, t.pid, &regs), 0);
	regs.cs = 8;
	CHECK_EQ(trace_set_regs(trace, t.pid, &regs), -ERANGE);
	CHECK_EQ(trace_run(trace), 0);
	CHECK_EQ(told(&t), 4711);
	trace_close(trace);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(stop_kill_and_close_policies)
{
	struct tracee t = tracee_start(spins);
	struct trace_event e;
	struct trace *trace;

	CHECK_EQ(told(&t), 0);
	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_run_thread(trace, t.pid), -EBUSY);
	CHECK_EQ(trace_stop(trace, t.pid), 0);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.type, TRACE_EV_stop);
	CHECK_EQ(trace_run_thread(trace, t.pid), 0);
	CHECK_EQ(trace_set_close(trace, TRACE_CLOSE_KEEP), 0);
	CHECK_EQ(trace_stop(trace, t.pid), 0);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	trace_close(trace);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_kill(trace, t.pid, SIGKILL), 0);
	CHECK_EQ(trace_next(trace, &e, -1), 1);
	CHECK_EQ(e.type, TRACE_EV_end);
	CHECK_EQ(e.flags & TRACE_EF_SIGNALED, TRACE_EF_SIGNALED);
	CHECK_EQ(trace_next(trace, &e, -1), 0);
	CHECK_EQ(trace_kill(trace, t.pid, SIGKILL), -ESRCH);
	trace_close(trace);
	CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
}

TEST(rules_with_a_newline_inside_are_refused)
{
	struct tracee t = tracee_start(asks_for_parent);
	struct trace *trace;

	CHECK_EQ(trace_attach(&trace, t.pid, 0), 0);
	CHECK_EQ(trace_on(trace, "enter", "*", "hold\non leave * hold"),
		 -EINVAL);
	CHECK_EQ(trace_on(trace, "enter", "getppid hold\n", "off"), -EINVAL);
	CHECK_EQ(trace_on(trace, "nothing", NULL, "hold"), -EINVAL);
	CHECK_EQ(trace_on(trace, "enter", NULL, "hold"), -EINVAL);
	go(&t);
	CHECK_EQ(told(&t), getpid());
	trace_close(trace);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(names_agree_with_the_kernels)
{
	uint64_t number;

	CHECK_EQ(trace_call_number("write", &number), 0);
	CHECK_EQ(number, SYS_write);
	CHECK_STR(trace_call_name(SYS_getppid), "getppid");
	CHECK(trace_call_name(3) == NULL);
	CHECK_EQ(trace_call_number("nothing", &number), -EINVAL);
	CHECK_EQ(trace_call_arguments(SYS_mmap), 6);
	CHECK_EQ(trace_call_arguments(SYS_getpid), 0);
	CHECK_EQ(trace_call_arguments(3), 6);
	CHECK_STR(trace_error_name(-EBUSY), "EBUSY");
	CHECK_STR(trace_error_name(EBUSY), "EBUSY");
	CHECK(trace_error_name(4000) == NULL);
	CHECK_STR(trace_signal_name(9), "SIGKILL");
	CHECK_STR(trace_event_name(TRACE_EV_leave), "leave");
	for (int error = -4096; error < 4096; error++)
		CHECK(trace_strerror(error) != NULL);
}

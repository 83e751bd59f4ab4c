/* What happens to processes: fork.c, exec.c, exit.c, exit_wait.c, signal.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct frame;
struct process;
struct thread;

/* ---- fork.c ---- */

/* A copy of the running process; runs on its own.  Its pid, -ENOMEM, -EINTR
 * (told to end).  Sleeps. */
int64_t fork_self(struct thread *self);

/* ---- exec.c ---- */

/* The strings of a new image, in the kernel's memory: argc + envc strings, each
 * NUL-terminated, arguments first. */
struct exec_strings {
	char *bytes; /* heap */
	size_t size;
	uint32_t argc, envc;
};
int exec_strings_from_user(
	uint64_t argv, uint64_t envp,
	struct exec_strings
		*strings); /* -E2BIG beyond KARG_MAX, -EFAULT, -ENOMEM */
void exec_strings_free(struct exec_strings *strings);

/* Replaces the image of the running process.  0: it returns to user mode in the
 * new one.  path: the kernel's text. */
int exec_self(struct thread *self, const char *path,
	      const struct exec_strings *strings);

/*
 * proc:'s new: a child of self's process, loaded with path, with self's
 * descriptors that are not close-on-exec, directory, ids; published, its thread
 * not started (sched_start(thread) sets it off; its first instruction is behind
 * trace_start).  Gives referenced child and thread.  exec's errors.
 * spawn_cancel: ends and reaps one that was not started.
 */
int spawn_create(struct thread *self, const char *path,
		 const struct exec_strings *strings, struct process **child,
		 struct thread **thread);
/* Both references go.  For one that no session has joined: else let it run and
 * kill it. */
void spawn_cancel(struct process *child, struct thread *thread);

/* init, at boot: process 1 from /bin/init with these words; panics if it
 * cannot. */
void spawn_init(const char *path, const struct exec_strings *strings);

/* ---- exit.c ---- */

/* Ends the running thread (and with it, today, its process) with a wait status
 * (abi: as wait4 gives it). */
_Noreturn void exit_self(struct thread *self, uint32_t wait_status);
#define WAIT_EXITED(code)  (((uint32_t)(code)&0xff) << 8)
#define WAIT_SIGNALED(sig) ((uint32_t)(sig)&0x7f)

/* For spawn_cancel: ends and reaps a process whose one thread never ran. */
void exit_unstarted(struct process *process, struct thread *thread);

/* ---- exit_wait.c ---- */

struct wait_result {
	uint32_t status;
	uint64_t run_ns; /* of a zombie: what it ran */
};
/*
 * wait4: pid > 0 or -1 (0 as -1; below, no process group exists: -ECHILD).  The
 * pid of a child with news, and the news; 0: none yet, and KWNOHANG; -ECHILD,
 * -EINVAL, -EINTR.  A zombie is reaped.  Sleeps.
 */
int64_t wait_child(struct thread *self, int32_t pid, uint32_t options,
		   struct wait_result *result);

/* ---- signal.c ---- */

/*
 * Posts a signal: default actions.  SIGKILL marks every thread THREAD_KILLED
 * and wakes it whatever it sleeps on (but SLEEP_SHORT).  sig 0: only looks. 0
 * or -ESRCH (ENDING and later: nothing happens, 0 for a zombie as POSIX says).
 * Init gets no signal whose action is not handled.
 */
int signal_post(struct process *process, int sig);
/* May this process signal that one?  By ids, as kill(2). */
bool signal_allowed(struct process *from, struct process *to);
/* A processor exception of the running thread becomes a signal and takes its
 * default action. */
void signal_fault(struct thread *self, struct frame *frame, int sig);
/* On the way to user mode, with THREAD_SIGNAL, THREAD_STOPPED or THREAD_KILLED
 * set: acts on them; sleeps while stopped; may not return. */
void signal_deliver(struct thread *self);
/* Is a sleep to be given up?  (THREAD_KILLED, or a pending signal that will do
 * something.) */
bool signal_pending(struct thread *self);

/* What happens to processes: fork.c, exec.c, exit.c, exit_wait.c, signal.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/trace.h"

struct frame;
struct group;
struct list;
struct process;
struct signal_info;
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

#define ERAISES 4001 /* the kernel's own: of spawn_create */
/*
 * proc:'s new: a child of self's process, loaded with path, with self's
 * descriptors that are not close-on-exec, directory, ids; published, its thread
 * not started (sched_start(thread) sets it off; its first instruction is behind
 * trace_start).  Gives referenced child and thread.  exec's errors, and
 * -ERAISES: its file's bits would raise ids, which only execve does.
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
#define WAIT_STOPPED(sig)  (((uint32_t)(sig) << 8) | 0x7f)
#define WAIT_CONTINUED	   0xffffu

/* For spawn_cancel: ends and reaps a process whose one thread never ran. */
void exit_unstarted(struct process *process, struct thread *thread);

/* ---- exit_wait.c ---- */

struct wait_result {
	uint32_t status;
	struct trace_usage usage; /* of a zombie and of those it waited for */
};
/*
 * wait4: a child, any (-1), of the caller's group (0), of group -pid.  The pid
 * of a child with news, and the news; 0: none yet, and KWNOHANG; -ECHILD,
 * -EINVAL, -EINTR.  A zombie is reaped.  Sleeps.
 */
int64_t wait_child(struct thread *self, int32_t pid, uint32_t options,
		   struct wait_result *result);

/* ---- signal*.c ---- */

/*
 * Posts a signal to a process, as the kernel's.  SIGKILL marks every thread
 * THREAD_KILLED and wakes it whatever it sleeps on (but SLEEP_SHORT).  sig 0:
 * only looks.  0 or -ESRCH (ENDING and later: nothing happens, 0 for a zombie
 * as POSIX says).  Init gets no signal that it has no handler for.  Takes
 * PROCESS_TABLE (SIGCONT) and PROCESS.
 */
int signal_post(struct process *process, int sig);
/* The same with more said of it; thread: for this one alone.  -EAGAIN: no room
 * for one that sigqueue sent. */
int signal_post_info(struct process *process, struct thread *thread,
		     const struct signal_info *info);
/* The same to one of many, of a walk: no child that it is making is missed
 * (process_publish). */
int signal_post_walk(struct process *process, const struct signal_info *info);
/* signal_post_info with the PROCESS_TABLE lock held. */
int signal_post_locked(struct process *process, struct thread *thread,
		       const struct signal_info *info);
/* To every member of a group, those that are being forked too: signal_group.c
 */
void signal_post_group(struct group *group, int sig);
/* Does the running thread block it, or its process ignore it? */
bool signal_is_withstood(struct thread *self, int sig);
/* Groups of group_part's list, whose references go: one with a member that is
 * stopped gets SIGHUP and SIGCONT. */
void signal_orphans(struct list *orphans);
/* Of what the running thread has done itself: SIGPIPE, SIGTTOU ...  Nothing
 * happens to a kernel thread. */
void signal_raise(struct thread *self, int sig);
/* Who sent it: code, pid and uid; NULL: nobody that has a pid. */
void signal_info_sender(struct signal_info *info, struct process *sender,
			int code);
/* May this process signal that one?  By ids, as kill(2). */
bool signal_allowed(struct process *from, struct process *to);
/* The same with SIGCONT's exception: to anybody of the session. */
bool signal_allows(struct process *from, struct process *to, int sig);
/* A processor exception of the running thread: it acts on this next, blocked or
 * not. */
void signal_force(struct thread *self, const struct signal_info *info);
/* On the way to user mode, with THREAD_SIGNAL, THREAD_STOPPED or THREAD_KILLED
 * set: acts on them; sleeps while stopped; may not return. */
void signal_deliver(struct thread *self);
/* sched_on_signal: an interruptible sleep was ended by a signal.  0: it is to
 * go on; -EINTR.  Sleeps. */
int signal_interrupt(struct thread *self);
/* Is a sleep to be given up?  (THREAD_KILLED, or a signal to act on.) */
bool signal_pending(struct thread *self);
/* After a call with THREAD_SIGNAL set: self->signal.restart says whether it is
 * entered again. */
void signal_call_over(struct thread *self, uint64_t number, int64_t result);
/* -EINTR; the call is entered again when the signals that are there were acted
 * on. */
int signal_again(struct thread *self);

/* A child that is not published begins as the running thread is: handlers,
 * mask, signal stack; nothing is pending.  0, -ENOMEM. */
int signal_inherit(struct thread *self, struct process *child,
		   struct thread *thread);
/* A new image: handlers go, what is ignored and the mask stay. */
void signal_exec(struct process *process, struct thread *thread);
/* A process is taken apart: what is pending goes. */
void signal_gone(struct process *process);
/* It is a zombie, PROCESS_TABLE lock held: its parent gets SIGCHLD.  true:
 * nobody is to wait for it, it is to be reaped. */
bool signal_child_ended(struct process *process);
void signal_alarm_init(void); /* boot: setitimer's thread */

/*
 * libtrace: tracing through proc:'s files, for C.  `proctor cc` links with it.
 *
 * A `struct trace` is one session: one open proc:/<pid>/trace.bin.  It may
 * cover several processes.  Everything the session did is undone when it is
 * closed, or when its process ends.
 *
 * Functions return 0 or more, or -errno (trace_strerror puts it into words);
 * none prints, none changes global state, and two handles may be used by two
 * threads at once.  One handle is one thread's at a time.
 *
 * The loop of every tracer: trace_next ends the holds of what it gave before
 * and waits for the next event; between two of its calls the thread of a
 * holding event (event.flags & TRACE_EF_HOLD) stands still and may be looked at
 * and changed.
 *
 * Shapes, fields and flags of events and registers: <proctor/abi/trace.h>.  The
 * interface beneath: proc(4).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <proctor/abi/trace.h>

#ifdef __cplusplus
extern "C" {
#endif

struct trace;

/* ---- sessions ---- */

/*
 * Starts a program, held before its first instruction (event `start`).  path is
 * looked up as execve does, no PATH search; argv and envp end with NULL; envp
 * NULL: the caller's environment.  The child is the caller's own: it is to be
 * waited for (wait(2)). Until the first trace_next that follows its `start`,
 * closing the session kills it.  *pid may be NULL. Errors: execve's; -EAGAIN,
 * -ENOMEM.
 */
int trace_spawn(struct trace **trace, const char *path, char *const argv[],
		char *const envp[], pid_t *pid);

/* One more program in the same session; its `start` says what pid it has. */
int trace_spawn_more(struct trace *trace, const char *path, char *const argv[],
		     char *const envp[]);

/* flags of trace_attach */
#define TRACE_OBSERVE                                                          \
	1u /* never holds, never edits: logs every leave, signal, fault, fork, \
	      start, exec, end */
#define TRACE_EXCLUSIVE                                                        \
	2u /* the only controller: -EEXIST if there is one, others get -EBUSY  \
	    */

/*
 * A session on a process that runs; it is not stopped by that.  Errors: -ENOENT
 * no such process, -EACCES no right, -EDEADLK oneself or one's tracer, -EBUSY,
 * -EEXIST, -ENOSPC (8 sessions), -ENOMEM, -EMFILE.
 */
int trace_attach(struct trace **trace, pid_t pid, unsigned flags);

void trace_close(struct trace *trace); /* NULL is allowed */

/* What closing does to what is held: TRACE_CLOSE_RUN (the default), _KILL, or
 * _KEEP (held without an owner). */
enum trace_close_policy { TRACE_CLOSE_RUN, TRACE_CLOSE_KILL, TRACE_CLOSE_KEEP };
int trace_set_close(struct trace *trace, enum trace_close_policy policy);

/* The descriptor, for poll(2): POLLIN an event waits, POLLHUP no process is
 * left.  trace_next may have events already read: ask trace_pending. */
int trace_fd(const struct trace *trace);
int trace_pending(
	const struct trace *trace); /* 1: the next trace_next does not wait */

/* ---- what is wanted ---- */

/*
 * Says what to do at an event: action is "hold", "log", "off", or, without an
 * event, "count", "kill", "return VALUE", "delay NS" (enter, leave), "signal
 * SIG" (signal, fault); VALUE may be "-EACCES".  event: "enter" or "leave" with
 * calls "*" or names and numbers separated by commas; "signal" with signals,
 * "fault" with exceptions ("pf", proc(4)) likewise; "start", "exec", "end" with
 * calls NULL.  The newest rule that names one decides. Errors: -EINVAL no such
 * event, call or action, or one that does not fit; -ENOSPC more than 64 rules.
 */
int trace_on(struct trace *trace, const char *event, const char *calls,
	     const char *action);

/* Lines of the text grammar of proc(4), each ended by a newline.  The errors of
 * each; those before the first bad one are done. */
int trace_command(struct trace *trace, const char *lines);

/* ---- events ---- */

/*
 * The next event: 1 and *event is filled in; 0: no process is left in the
 * session.  timeout_ms < 0: waits for ever. Errors: -ETIMEDOUT, -EINTR, -EBADF
 * the session is closed.  After an error nothing is lost.
 */
int trace_next(struct trace *trace, struct trace_event *event, int timeout_ms);

/* The path that the `exec` event given last came with, NUL-terminated; "" if
 * none.  Good until the next trace_next. */
const char *trace_path(const struct trace *trace);

/* ---- verbs: about the event that trace_next gave last ---- */

int trace_run(struct trace *trace); /* lets its thread go now, not at the next
				       trace_next */
int trace_return(struct trace *trace,
		 int64_t value); /* at enter: the call is not run and gives
				    value; at leave: the result becomes value */
/* At enter: the call becomes this one.  number: SYS_*, as event.word[0]. */
int trace_args(struct trace *trace, uint64_t number,
	       const uint64_t arguments[6]);
/* At signal or fault: what it comes to, 0: nothing.  Elsewhere the thread acts
 * on it when it is let go. */
int trace_signal(struct trace *trace, int signal);
/* Errors of these: -ESTALE the event holds no more; -EBUSY not where it can be
 * done (return: enter, leave; args: enter; signal: not at end); -ESRCH the
 * process has ended. */

/* ---- verbs: about a process or a thread of the session ---- */

int trace_stop(struct trace *trace,
	       pid_t tid); /* an event `stop` comes when it is parked or found
			      asleep; held until trace_run_thread */
int trace_run_thread(struct trace *trace, pid_t tid); /* -EBUSY: not held */
int trace_kill(struct trace *trace, pid_t pid, int signal);

/* ---- registers and memory ---- */

/* Of a thread that is held or sleeps in a call: -EBUSY if not, -ESRCH if it has
 * ended. */
int trace_get_regs(struct trace *trace, pid_t pid, struct trace_regs *regs);
/* Of a held thread; all or nothing: -ERANGE a value that may not be (proc(4)),
 * -EBUSY not held, or rax inside of an unfinished call. */
int trace_set_regs(struct trace *trace, pid_t pid,
		   const struct trace_regs *regs);

/*
 * Bytes at an address, whether it runs or not: as many as there are before a
 * hole.  -EFAULT: the first is missing.  0: its memory is gone (exec, end);
 * write: -ESTALE.  -EACCES a shared read-only page.
 */
ssize_t trace_read(struct trace *trace, pid_t pid, uint64_t address,
		   void *buffer, size_t size);
ssize_t trace_write(struct trace *trace, pid_t pid, uint64_t address,
		    const void *buffer, size_t size);
/* A string, cut at size - 1, NUL-terminated: its length.  -EFAULT: it runs into
 * a hole. */
ssize_t trace_read_string(struct trace *trace, pid_t pid, uint64_t address,
			  char *buffer, size_t size);

/* ---- names ---- */

const char *trace_call_name(uint64_t number); /* NULL: no call has it */
int trace_call_number(const char *name, uint64_t *number); /* 0 or -EINVAL */
int trace_call_arguments(
	uint64_t number); /* how many it has; 6 if no call has it */
const char *trace_event_name(unsigned type); /* NULL: none */
const char *trace_error_name(int error); /* "EBUSY" of 16 or -16; NULL: none */
const char *trace_signal_name(int signal);     /* "SIGKILL"; NULL: none */
const char *trace_fault_name(uint64_t vector); /* "pf" of 14; NULL: none */
/*
 * Why the last write of this process to a file of proc: was refused, as the
 * kernel puts it: "EINVAL line: no such call: opn".  It is copied into buffer,
 * cut at size - 1 (96 are enough), and returned; "" if none was.  What
 * trace_on, trace_command and the verbs return is such a refusal.
 */
const char *trace_refused(char *buffer, size_t size);
const char *trace_strerror(int error); /* a sentence about -errno or errno, in
					  tracing's terms; never NULL */

#ifdef __cplusplus
}
#endif

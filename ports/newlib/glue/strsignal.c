/*
 * Words for signals, as Linux programs and people know them: what a shell says
 * of a child that one ended.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "glue.h"

static const char *const signal_text[] = {
	[SIGHUP] = "Hangup",
	[SIGINT] = "Interrupt",
	[SIGQUIT] = "Quit",
	[SIGILL] = "Illegal instruction",
	[SIGTRAP] = "Trace/breakpoint trap",
	[SIGABRT] = "Aborted",
	[SIGBUS] = "Bus error",
	[SIGFPE] = "Floating point exception",
	[SIGKILL] = "Killed",
	[SIGUSR1] = "User defined signal 1",
	[SIGSEGV] = "Segmentation fault",
	[SIGUSR2] = "User defined signal 2",
	[SIGPIPE] = "Broken pipe",
	[SIGALRM] = "Alarm clock",
	[SIGTERM] = "Terminated",
	[SIGSTKFLT] = "Stack fault",
	[SIGCHLD] = "Child exited",
	[SIGCONT] = "Continued",
	[SIGSTOP] = "Stopped (signal)",
	[SIGTSTP] = "Stopped",
	[SIGTTIN] = "Stopped (tty input)",
	[SIGTTOU] = "Stopped (tty output)",
	[SIGURG] = "Urgent I/O condition",
	[SIGXCPU] = "CPU time limit exceeded",
	[SIGXFSZ] = "File size limit exceeded",
	[SIGVTALRM] = "Virtual timer expired",
	[SIGPROF] = "Profiling timer expired",
	[SIGWINCH] = "Window changed",
	[SIGIO] = "I/O possible",
	[SIGPWR] = "Power failure",
	[SIGSYS] = "Bad system call",
};

#define SIGNAL_TEXTS (int)(sizeof(signal_text) / sizeof(signal_text[0]))

/* A number without a text is written into the reent's buffer. */
char *
strsignal(int number)
{
	struct _reent *reent = _REENT;
	const char *what = "Unknown signal";

	if (number > 0 && number < SIGNAL_TEXTS)
		return (char *)(unsigned long)signal_text[number];
	if (number >= SIGRTMIN && number <= SIGRTMAX) {
		what = "Real-time signal";
		number -= SIGRTMIN;
	}
	_REENT_CHECK_SIGNAL_BUF(reent);
	snprintf(_REENT_SIGNAL_BUF(reent), _REENT_SIGNAL_SIZE, "%s %d", what,
		 number);
	return _REENT_SIGNAL_BUF(reent);
}

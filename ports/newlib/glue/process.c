/*
 * Making, naming, waiting for and ending processes.
 */
#include <signal.h>
#include <stdlib.h>
#include <sched.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <proctor/abi/types.h>
#include "glue.h"

_Static_assert(sizeof(struct rusage) == sizeof(struct abi_rusage),
	       "struct rusage is the kernel's");

pid_t
fork(void)
{
	return (pid_t)__result(__sys_fork());
}

/* A plain fork: copy-on-write makes the difference small, and the child may do
 * what it likes. */
pid_t
vfork(void)
{
	return fork();
}

int
execve(const char *path, char *const argv[], char *const envp[])
{
	return (int)__result(__sys_execve(path, argv, envp));
}

/* Does not return; a program run on another system by mistake dies of it. */
void
_exit(int status)
{
	__sys_exit(status);
	__builtin_trap();
}

pid_t
wait4(pid_t pid, int *status, int options, struct rusage *usage)
{
	return (pid_t)__result(
		__sys_wait4(pid, status, (unsigned)options, usage));
}

int
getrusage(int who, struct rusage *usage)
{
	return (int)__result(__sys_getrusage(who, usage));
}

pid_t
wait3(int *status, int options, struct rusage *usage)
{
	return wait4(-1, status, options, usage);
}

pid_t
waitpid(pid_t pid, int *status, int options)
{
	return wait4(pid, status, options, NULL);
}

pid_t
wait(int *status)
{
	return wait4(-1, status, 0, NULL);
}

pid_t
getpid(void)
{
	return (pid_t)__result(__sys_getpid());
}

pid_t
getppid(void)
{
	return (pid_t)__result(__sys_getppid());
}

pid_t
gettid(void)
{
	return (pid_t)__result(__sys_gettid());
}

/* A handler that returns does not save the process; one that is ignored or
 * blocked does not either. */
void
abort(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGABRT);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(SIGABRT);
	signal(SIGABRT, SIG_DFL);
	raise(SIGABRT);
	kill(getpid(), SIGKILL);
	_exit(128 + SIGABRT);
}

int
sched_yield(void)
{
	return (int)__result(__sys_sched_yield());
}

int
reboot(int how)
{
	return (int)__result(__sys_reboot(how));
}

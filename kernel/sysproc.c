/*
 * Calls about processes: made, changed, ended, waited for, named.  Dispatched
 * by syscall.c; what they do is in fork.c, exec.c, exit.c and exit_wait.c.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/types.h"
#include "heap.h"
#include "life.h"
#include "process.h"
#include "syscall.h"
#include "sysusage.h"
#include "text.h"
#include "usercopy.h"
#include "version.h"

int64_t
sys_fork(struct thread *self)
{
	return fork_self(self);
}

static int
sysproc_exec(struct thread *self, const char *path, uint64_t argv,
	     uint64_t envp)
{
	struct exec_strings strings;
	int error = exec_strings_from_user(argv, envp, &strings);

	if (error)
		return error;
	error = exec_self(self, path, &strings);
	exec_strings_free(&strings);
	return error;
}

int64_t
sys_execve(struct thread *self, uint64_t path, uint64_t argv, uint64_t envp)
{
	char *text = heap_alloc(KPATH_MAX);
	int64_t length;

	if (!text)
		return -ENOMEM;
	length = copy_text_from_user(text, path, KPATH_MAX, -ENAMETOOLONG);
	if (length >= 0)
		length = sysproc_exec(self, text, argv, envp);
	heap_free(text);
	return length;
}

int64_t
sys_exit(struct thread *self, int status)
{
	exit_self(self, WAIT_EXITED(status));
}

int64_t
sys_wait4(struct thread *self, int32_t pid, uint64_t status, uint32_t options,
	  uint64_t rusage)
{
	struct wait_result result = {0};
	int64_t found = wait_child(self, pid, options, &result);
	int error = 0;

	if (found <= 0)
		return found;
	if (status)
		error = copy_to_user(status, &result.status,
				     sizeof(result.status));
	if (!error && rusage)
		error = sysusage_put(rusage, &result.usage);
	return error ? error : found;
}

int64_t
sys_getpid(struct thread *self)
{
	return self->process->pid;
}

int64_t
sys_getppid(struct thread *self)
{
	struct process *parent = process_parent(self->process);
	int64_t pid = parent ? parent->pid : 0;

	if (parent)
		process_put(parent);
	return pid;
}

int64_t
sys_gettid(struct thread *self)
{
	return self->tid;
}

int64_t
sys_uname(struct thread *self, uint64_t utsname)
{
	static const struct abi_utsname names = {
		.sysname = "Proctor",
		.nodename = "proctor",
		.release = VERSION,
		.version = "Proctor " VERSION,
		.machine = "x86_64",
	};

	(void)self;
	return copy_to_user(utsname, &names, sizeof(names));
}

int64_t
sys_reboot(struct thread *self, int how)
{
	if (process_cred(self->process).euid)
		return -EPERM;
	switch (how) {
	case REBOOT_POWEROFF:
		arch_poweroff(0);
	case REBOOT_RESTART:
		arch_restart();
	default:
		return -EINVAL;
	}
}

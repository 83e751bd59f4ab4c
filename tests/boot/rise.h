/*
 * What the tests of rights share: every file of a process with the rights that
 * proc(4) names for it, a tester that is somebody else for a while, and a
 * process that starts a set-id program.
 */
#pragma once

#include <sys/stat.h>
#include "trace/tracing.h"

#define RISE_HELPER  "/test/security/rise_helper"
#define RISE_PROGRAM "/tmp/rise-program"
enum { USER = 1000, OTHER = 1001 };

/* ---- the files ---- */

enum need { NOBODY, PUBLIC, OBSERVE, CONTROL };
enum kind { TEXT, BYTES, VERBS, SESSION, FOLDER };

struct proc_file {
	const char *name;
	enum need reads, writes;
	enum kind kind;
};

static const struct proc_file proc_files[] = {
	{"trace", OBSERVE, CONTROL, SESSION},
	{"trace.bin", OBSERVE, CONTROL, SESSION},
	{"ctl", NOBODY, CONTROL, VERBS},
	{"regs", OBSERVE, CONTROL, TEXT},
	{"regs.bin", OBSERVE, CONTROL, TEXT},
	{"fpregs", OBSERVE, CONTROL, TEXT},
	{"fpregs.bin", OBSERVE, CONTROL, TEXT},
	{"mem", OBSERVE, CONTROL, BYTES},
	{"maps", OBSERVE, NOBODY, TEXT},
	{"maps.bin", OBSERVE, NOBODY, TEXT},
	{"status", PUBLIC, NOBODY, TEXT},
	{"status.bin", PUBLIC, NOBODY, TEXT},
	{"usage", PUBLIC, NOBODY, TEXT},
	{"usage.bin", PUBLIC, NOBODY, TEXT},
	{"calls", OBSERVE, NOBODY, TEXT},
	{"calls.bin", OBSERVE, NOBODY, TEXT},
	{"args", PUBLIC, NOBODY, TEXT},
	{"env", OBSERVE, NOBODY, TEXT},
	{"auxv", OBSERVE, NOBODY, TEXT},
	{"cwd", OBSERVE, NOBODY, TEXT},
	{"exe", OBSERVE, NOBODY, TEXT},
	{"signals", OBSERVE, NOBODY, TEXT},
	{"points", OBSERVE, NOBODY, TEXT},
	{"fd", OBSERVE, NOBODY, FOLDER},
	{"fd/2", OBSERVE, NOBODY, TEXT},
	{"thread", PUBLIC, NOBODY, FOLDER},
	{"thread/TID", PUBLIC, NOBODY, FOLDER},
	{"thread/TID/regs", OBSERVE, CONTROL, TEXT},
	{"thread/TID/regs.bin", OBSERVE, CONTROL, TEXT},
	{"thread/TID/fpregs", OBSERVE, CONTROL, TEXT},
	{"thread/TID/fpregs.bin", OBSERVE, CONTROL, TEXT},
	{"thread/TID/status", PUBLIC, NOBODY, TEXT},
	{"thread/TID/status.bin", PUBLIC, NOBODY, TEXT},
	{"thread/TID/name", OBSERVE, NOBODY, TEXT},
};
#define PROC_FILES (sizeof proc_files / sizeof *proc_files)

static const int proc_modes[] = {O_RDONLY, O_WRONLY, O_RDWR};

static inline const char *
proc_file_path(pid_t pid, const struct proc_file *file)
{
	static char path[64];
	const char *tid = strstr(file->name, "TID");

	if (tid)
		snprintf(path, sizeof path, "proc:/%d/thread/%d%s", (int)pid,
			 (int)pid, tid + 3);
	else
		snprintf(path, sizeof path, "proc:/%d/%s", (int)pid,
			 file->name);
	return path;
}

/* ---- whom the tester is ---- */

/* Real ids stay root's: they are not asked for. */
static inline void
act_as(uid_t uid, gid_t gid)
{
	CHECK_EQ(setresgid(0, gid, 0), 0);
	CHECK_EQ(setresuid(0, uid, 0), 0);
}

static inline void
act_as_root(void)
{
	CHECK_EQ(setresuid(0, 0, 0), 0);
	CHECK_EQ(setresgid(0, 0, 0), 0);
}

static inline int
user_opens(pid_t pid, const char *name, int flags)
{
	int fd;

	act_as(USER, USER);
	fd = proc_open(pid, name, flags);
	act_as_root();
	return fd;
}

/* ---- a program with set-id bits ---- */

/* The helper under another name. */
static inline void
rise_program(uid_t uid, gid_t gid, mode_t mode)
{
	static char bytes[65536];
	int from = open(RISE_HELPER, O_RDONLY), to;
	ssize_t n;

	unlink(RISE_PROGRAM);
	to = open(RISE_PROGRAM, O_CREAT | O_EXCL | O_WRONLY, 0600);
	CHECK(from >= 0 && to >= 0);
	while ((n = read(from, bytes, sizeof bytes)) > 0)
		CHECK_EQ(write(to, bytes, (size_t)n), n);
	CHECK_EQ(fchown(to, uid, gid), 0);
	CHECK_EQ(fchmod(to, mode), 0);
	close(from);
	close(to);
}

static inline void
rise_become(uid_t id)
{
	CHECK_EQ(setgid(id), 0);
	CHECK_EQ(setuid(id), 0);
}

/* What the helper tells first. */
#define RISE_IDS(euid, egid, secure)                                           \
	((int64_t)(euid) | (int64_t)(egid) << 20 | (int64_t)(secure) << 40)

/* The helper takes the tracee's place, and answers where it did. */
static inline void
rise_exec(const struct tracee *t)
{
	CHECK_EQ(dup2(t->in, 0), 0);
	CHECK_EQ(dup2(t->out, 1), 1);
	execl(RISE_PROGRAM, "p", (char *)NULL);
	_exit(97);
}

/* A user's process, which becomes the program at the first byte. */
static inline void
rises(const struct tracee *t)
{
	rise_become(USER);
	tell(t, 0);
	await(t);
	rise_exec(t);
}

static inline struct tracee
rise_start(void (*body)(const struct tracee *))
{
	struct tracee t = tracee_start(body);

	CHECK_EQ(told(&t), 0);
	return t;
}

/* It becomes the program, and is this then. */
static inline void
rise_go(const struct tracee *t, int64_t ids)
{
	go(t);
	CHECK_EQ(told(t), ids);
}

/* The program goes on as it should, and ends. */
static inline void
rise_end(const struct tracee *t)
{
	go(t);
	CHECK_EQ(told(t), getpid());
	CHECK_EQ(tracee_end(t), 0);
	unlink(RISE_PROGRAM);
}

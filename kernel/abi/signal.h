/*
 * Signals as they cross the boundary: numbers KSIGHUP ... (Linux x86-64's, from
 * signals.def), and Linux x86-64's structures.  Sets of signals are uint64_t,
 * bit n-1 for signal n.
 */
#pragma once

#include <stdint.h>

enum signal_number {
#define SIGNAL(name, number, action) K##name = (number),
#include "signals.def"
#undef SIGNAL
	SIGNAL_RT_MIN = 32, /* from here on each one that is sent is kept */
	SIGNAL_MAX = 64
};

/* sigaction: flags, and handlers that are none. */
#define KSA_NOCLDSTOP 0x00000001u
#define KSA_NOCLDWAIT 0x00000002u
#define KSA_SIGINFO   0x00000004u
#define KSA_RESTORER  0x04000000u
#define KSA_ONSTACK   0x08000000u
#define KSA_RESTART   0x10000000u
#define KSA_NODEFER   0x40000000u
#define KSA_RESETHAND 0x80000000u
#define KSIG_DFL      0
#define KSIG_IGN      1

struct abi_sigaction {
	uint64_t handler;
	uint64_t flags;
	uint64_t restorer; /* with KSA_RESTORER, which a handler must have: what
			      it returns to, and calls sigreturn */
	uint64_t mask;
};

/* sigprocmask */
#define KSIG_BLOCK   0
#define KSIG_UNBLOCK 1
#define KSIG_SETMASK 2

/* sigaltstack */
#define KSS_ONSTACK  1
#define KSS_DISABLE  2
#define KMINSIGSTKSZ 2048

struct abi_stack {
	uint64_t sp;
	int32_t flags;
	uint32_t pad;
	uint64_t size;
};

/* si_code */
#define KSI_USER   0
#define KSI_KERNEL 0x80
#define KSI_QUEUE  (-1)
#define KSI_TKILL  (-6)

#define KILL_ILLOPN    2
#define KFPE_INTDIV    1
#define KFPE_INTOVF    2
#define KFPE_FLTDIV    3
#define KFPE_FLTOVF    4
#define KFPE_FLTUND    5
#define KFPE_FLTRES    6
#define KFPE_FLTINV    7
#define KSEGV_MAPERR   1
#define KSEGV_ACCERR   2
#define KBUS_ADRALN    1
#define KBUS_ADRERR    2
#define KTRAP_BRKPT    1
#define KTRAP_TRACE    2
#define KTRAP_HWBKPT   4
#define KCLD_EXITED    1
#define KCLD_KILLED    2
#define KCLD_STOPPED   5
#define KCLD_CONTINUED 6

/* What words hold: of a processor exception the address; else the sender's pid
 * and, in the upper half, uid, then the value or, of SIGCHLD, the status. */
struct abi_siginfo {
	int32_t signo, error, code;
	int32_t pad;
	uint64_t words[14];
};

/* What a handler finds at its third argument. */
struct abi_mcontext {
	uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
	uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, rflags;
	uint16_t cs, gs, fs, ss;
	uint64_t error, vector; /* of the last exception that became a signal */
	uint64_t oldmask;
	uint64_t address; /* the same */
	uint64_t fpstate; /* address of the FXSAVE or XSAVE area; 0: clean */
	uint64_t reserved[8];
};

struct abi_ucontext {
	uint64_t flags, link;
	struct abi_stack stack;
	struct abi_mcontext mcontext;
	uint64_t mask;
};

/* setitimer */
#define KITIMER_REAL 0

struct abi_itimerval {
	int64_t interval[2]; /* seconds, microseconds */
	int64_t value[2];
};

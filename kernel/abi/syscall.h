/*
 * Numbers of the system calls (SYS_read ...), from syscalls.def.
 *
 * Convention: number in rax; arguments in rdi rsi rdx r10 r8 r9; `syscall`;
 * result in rax, an error as -errno (-4095 ... -1).  rcx and r11 are lost,
 * every other register is kept.
 */
#pragma once

#define SYSCALL_FIRST	 0x1000
#define SYSCALL_MAX_ARGS 6

enum syscall_number {
#define CALL0(nr, name, ...) SYS_##name = (nr),
#define CALL1		     CALL0
#define CALL2		     CALL0
#define CALL3		     CALL0
#define CALL4		     CALL0
#define CALL5		     CALL0
#define CALL6		     CALL0
#include "syscalls.def"
#undef CALL0
#undef CALL1
#undef CALL2
#undef CALL3
#undef CALL4
#undef CALL5
#undef CALL6
	SYSCALL_END,
	SYSCALL_COUNT = SYSCALL_END - SYSCALL_FIRST
};

/* reboot's `how`; the numbers are this system's own. */
#define REBOOT_POWEROFF 1
#define REBOOT_RESTART	2

/*
 * The calls themselves: prototypes from abi/syscalls.def, each taking the
 * calling thread and its arguments in the width of their kinds; they return the
 * result or -errno.  And the dispatch (syscall.c).
 */
#pragma once

#include <stdint.h>
#include "abi/syscall.h"

struct frame;
struct thread;

#define KIND_fd	    int
#define KIND_int    int
#define KIND_mode   int
#define KIND_uint   uint32_t
#define KIND_flags  uint32_t
#define KIND_pid    int32_t
#define KIND_id	    int32_t
#define KIND_long   int64_t
#define KIND_off    int64_t
#define KIND_size   uint64_t
#define KIND_addr   uint64_t
#define KIND_path   uint64_t
#define KIND_str    uint64_t
#define KIND_in	    uint64_t
#define KIND_out    uint64_t
#define KIND_inout  uint64_t
#define KIND_inbuf  uint64_t
#define KIND_outbuf uint64_t
#define KIND_argv   uint64_t

#define CALL0(nr, name, res) int64_t sys_##name(struct thread *self);
#define CALL1(nr, name, res, k0, a0)                                           \
	int64_t sys_##name(struct thread *self, KIND_##k0 a0);
#define CALL2(nr, name, res, k0, a0, k1, a1)                                   \
	int64_t sys_##name(struct thread *self, KIND_##k0 a0, KIND_##k1 a1);
#define CALL3(nr, name, res, k0, a0, k1, a1, k2, a2)                           \
	int64_t sys_##name(struct thread *self, KIND_##k0 a0, KIND_##k1 a1,    \
			   KIND_##k2 a2);
#define CALL4(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3)                   \
	int64_t sys_##name(struct thread *self, KIND_##k0 a0, KIND_##k1 a1,    \
			   KIND_##k2 a2, KIND_##k3 a3);
#define CALL5(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4)           \
	int64_t sys_##name(struct thread *self, KIND_##k0 a0, KIND_##k1 a1,    \
			   KIND_##k2 a2, KIND_##k3 a3, KIND_##k4 a4);
#define CALL6(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)   \
	int64_t sys_##name(struct thread *self, KIND_##k0 a0, KIND_##k1 a1,    \
			   KIND_##k2 a2, KIND_##k3 a3, KIND_##k4 a4,           \
			   KIND_##k5 a5);
#include "abi/syscalls.def"
#undef CALL0
#undef CALL1
#undef CALL2
#undef CALL3
#undef CALL4
#undef CALL5
#undef CALL6

void syscall_entry(struct thread *self,
		   struct frame *frame); /* arch_entries.syscall */
void syscall_user_return(struct thread *self,
			 struct frame *frame); /* arch_entries.user_return */

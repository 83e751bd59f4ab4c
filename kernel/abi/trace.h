/*
 * The packed half of proc:'s interface: what trace.bin, regs.bin and status.bin
 * carry.  Little-endian, no pointers, every byte defined (padding is zero).
 */
#pragma once

#include <stdint.h>

/* ---- events: what a read of trace.bin returns, whole records one after
 * another ---- */

enum trace_event_type {
#define EVENT(name, number) TRACE_EV_##name = (number),
#include "events.def"
#undef EVENT
	TRACE_EV_END_OF_TYPES
};

/* flags of an event */
#define TRACE_EF_HOLD                                                          \
	1u /* the thread is held by this session until it advances */
#define TRACE_EF_UNRUN                                                         \
	2u /* leave: the call was not run, a verb gave its result */
#define TRACE_EF_RESTART 4u  /* leave: the call will be entered again */
#define TRACE_EF_ASLEEP	 8u  /* stop: the thread sleeps in a call */
#define TRACE_EF_THREAD	 16u /* end: a thread's, not the process's */
#define TRACE_EF_SIGNALED                                                      \
	32u /* end: killed by the signal in word[0], else exited with it */

/*
 * One event, TRACE_EVENT_SIZE bytes, then payload records up to `size`.
 *
 *	enter	word[0] call number, word[1..6] its arguments, as the
 *		registers hold them
 *	leave	the same, word[7] result (or -errno), word[8] elapsed ns
 *		without time held
 *	signal	word[0] number, word[1] si_code, word[2] si_pid (low half) and
 *		si_uid, or si_addr; word[3] si_value or si_status
 *	fault	word[0] vector, word[1] error code, word[2] address (page fault)
 *	fork	word[0] pid of the child
 *	exec	payload: the path
 *	end	word[0] exit status or signal
 *	lost	word[0] how many events
 *	start, stop: none
 */
struct trace_event {
	uint32_t size;	/* bytes of the record with its payload */
	uint16_t type;	/* enum trace_event_type */
	uint16_t flags; /* TRACE_EF_* */
	uint64_t seq; /* place in the session's queue; grows, not always by one
		       */
	uint32_t pid;
	uint32_t tid;
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t ip;	  /* of the thread, in user space; 0 if it has none */
	uint64_t sp;
	uint64_t word[10];
};
#define TRACE_EVENT_SIZE 128

/* A payload record: this header, `length` bytes, zeroes to a multiple of 8. */
struct trace_payload {
	uint16_t kind;	   /* enum trace_payload_kind */
	uint16_t argument; /* of which argument, from 0 */
	uint32_t length;   /* bytes that follow, padding not counted */
};
enum trace_payload_kind {
	TRACE_PAYLOAD_PATH = 1, /* exec: path of the new image, no NUL */
	TRACE_PAYLOAD_NAME,	/* maps.bin: of what lies there, no NUL */
};

/* ---- verbs: what is written to trace.bin; one write may carry several ---- */

enum trace_verb_number {
#define VERB(name, number) TRACE_VERB_##name = (number),
#include "verbs.def"
#undef VERB
	TRACE_VERB_END_OF_NUMBERS
};

/* flags of a verb: how it says whom it is about; none of them: the current
 * event */
#define TRACE_WHO_SEQ 1u
#define TRACE_WHO_TID 2u
#define TRACE_WHO_PID 4u
#define TRACE_WHO_ALL 8u

/*
 * A packed verb, TRACE_VERB_SIZE bytes, then its bytes up to `size` (not
 * padded).  Verb TEXT: the bytes are lines of the text grammar,
 * newline-terminated (rules have only this form).  new: the bytes are the path
 * and the arguments, then the environment, each NUL-terminated; arg[0] counts
 * the arguments, arg[1] the environment's strings (0: an empty one; the
 * kernel does not know the writer's).
 *
 *	return	arg[0] value
 *	args	arg[0] number, arg[1..6] arguments
 *	signal	arg[0] signal number, 0: none
 *	kill	arg[0] signal number
 *	run, stop: no arguments
 */
struct trace_verb {
	uint32_t size; /* bytes with those that follow */
	uint16_t verb; /* enum trace_verb_number */
	uint16_t flags;
	uint64_t seq;
	uint32_t pid;
	uint32_t tid;
	uint64_t arg[7];
};
#define TRACE_VERB_SIZE 80

/* Bounds of one write to trace or trace.bin: lines and verbs longer than these
 * are E2BIG. */
#define TRACE_LINE_MAX (512 * 1024)

/* ---- registers: regs.bin, in the order of regs.def ---- */

struct trace_regs {
#define REG(name, policy) uint64_t name;
#include "regs.def"
#undef REG
};

/* ---- floating-point registers: fpregs.bin; fpregs.def says what may be
 * written ---- */

#define TRACE_FPREGS_AVX 1u /* in parts: there are the upper halves */

struct trace_fpregs {
	uint32_t size;	   /* of this structure */
	uint32_t parts;	   /* TRACE_FPREGS_* */
	uint16_t fcw, fsw; /* x87: control and status word */
	uint8_t ftw;	   /* a bit a register: 1: in use */
	uint8_t zero;
	uint16_t fop; /* the last instruction's opcode, its and its operand's
			 address */
	uint64_t fip, fdp;
	uint32_t mxcsr, mxcsr_mask; /* SSE; which bits mxcsr may have */
	uint8_t st[8][16];	    /* 10 bytes each, then zeroes */
	uint8_t xmm[16][16];
	uint8_t ymmh[16][16]; /* the upper 128 bits of ymm */
};

/* ---- status.bin ---- */

struct trace_status {
	uint32_t size; /* of this structure */
	uint32_t pid;
	uint32_t ppid;
	uint32_t uid[3]; /* real, effective, saved */
	uint32_t gid[3];
	uint32_t state;	  /* enum trace_state */
	uint32_t threads; /* that live */
	uint32_t tracers; /* sessions */
	uint32_t holds; /* sessions that hold a thread of it now, and 1 for `ctl
			   stop` */
	uint32_t end;	/* when it is a zombie: wait status */
	char name[32];	/* NUL-terminated */
	uint32_t pgid;	/* process group */
	uint32_t sid;	/* session */
	uint64_t run_ns; /* processor time of all its threads */
};

enum trace_state {
	TRACE_STATE_RUNNING = 1,
	TRACE_STATE_ASLEEP,
	TRACE_STATE_HELD,
	TRACE_STATE_STOPPED, /* by SIGSTOP */
	TRACE_STATE_ZOMBIE,
};

/* ---- calls.bin: a record for each call that was counted, by number ---- */

#define TRACE_CALL_OTHER                                                       \
	UINT64_MAX /* number of the last record: all calls that have no name   \
		    */

struct trace_call_count {
	uint32_t size; /* of this record */
	uint32_t zero;
	uint64_t number;
	uint64_t count;	 /* above 0 */
	uint64_t errors; /* of them gave -errno */
	uint64_t ns;	 /* elapsed in all, without time held */
};

/* ---- usage.bin: usage.def ---- */

struct trace_usage {
	uint32_t size; /* of this structure */
	uint32_t pid;
#define USAGE(member, word) uint64_t member;
#include "usage.def"
#undef USAGE
};

/* ---- status.bin of a thread ---- */

struct trace_thread_status {
	uint32_t size; /* of this structure */
	uint32_t pid, tid;
	uint32_t state;	     /* enum trace_state */
	uint32_t why_held;   /* enum trace_event_type; 0: no session holds it
			      */
	uint32_t holds;	     /* sessions that hold it, and 1 for `ctl stop` */
	uint32_t held_by[8]; /* pids of those who opened the sessions that hold
				it, then zeroes */
	uint64_t call;	     /* number of the call that it is in; 0: none */
	uint64_t run_ns;     /* its processor time */
	char waits[32], name[32]; /* each with NULs up to its end */
};

/* ---- maps.bin: this header, then `count` records of areas, by address ---- */

struct trace_maps {
	uint32_t size; /* of this structure */
	uint32_t count;
	uint64_t gen; /* grows whenever an area changes */
};

/* flags of an area */
#define TRACE_MAP_READ	 1u
#define TRACE_MAP_WRITE	 2u
#define TRACE_MAP_EXEC	 4u
#define TRACE_MAP_SHARED 8u

/* An area, then a payload record with the name of what lies there, if it has
 * one. */
struct trace_map {
	uint32_t size; /* bytes of the record with its payload */
	uint32_t flags;
	uint64_t start, end;
	uint64_t offset; /* in what lies there, of start */
};

/*
 * The `syscall` instruction with 0 to 6 arguments (kernel/abi/syscall.h has the
 * convention): what the generated stubs are made of.
 */
#pragma once

#define CALL_LOST "rcx", "r11", "memory"

/* Gives the stub a frame, which leaves have not: a backtrace by frame pointers
 * then names its caller. */
#define CALL_FRAME __asm__ volatile("" : : "r"(__builtin_frame_address(0)))

static inline long
call0(long number)
{
	long result;

	CALL_FRAME;
	__asm__ volatile("syscall" : "=a"(result) : "0"(number) : CALL_LOST);
	return result;
}

static inline long
call1(long number, long a)
{
	long result;

	CALL_FRAME;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a)
			 : CALL_LOST);
	return result;
}

static inline long
call2(long number, long a, long b)
{
	long result;

	CALL_FRAME;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b)
			 : CALL_LOST);
	return result;
}

static inline long
call3(long number, long a, long b, long c)
{
	long result;

	CALL_FRAME;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c)
			 : CALL_LOST);
	return result;
}

static inline long
call4(long number, long a, long b, long c, long d)
{
	register long r10 __asm__("r10") = d;
	long result;

	CALL_FRAME;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10)
			 : CALL_LOST);
	return result;
}

static inline long
call6(long number, long a, long b, long c, long d, long e, long f)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	register long r9 __asm__("r9") = f;
	long result;

	CALL_FRAME;
	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "0"(number), "D"(a), "S"(b), "d"(c), "r"(r10),
			   "r"(r8), "r"(r9)
			 : CALL_LOST);
	return result;
}

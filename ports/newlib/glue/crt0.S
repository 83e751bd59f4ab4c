/*
 * The first instructions of every program, and the note without which execve refuses it.
 *
 * The kernel enters at _start with argc, argv, the environment and the auxiliary vector at rsp (16-byte
 * aligned) and rbp 0, which ends the chain of frame pointers.  This file is assembly because a C
 * function has a frame, and the first one must have none.
 */
	.section .note.proctor, "a", @note
	.balign	4
	.long	8			/* "Proctor" and its NUL */
	.long	4
	.long	1			/* ABI_NOTE_TYPE */
	.asciz	"Proctor"
	.long	1			/* ABI_NOTE_VERSION */

	.text
	.globl	_start
	.type	_start, @function
_start:
	.cfi_startproc
	.cfi_undefined rip		/* nobody called: unwinders stop here */
	xorl	%ebp, %ebp
	movq	%rsp, %rdi
	andq	$-16, %rsp
	call	__start
	ud2
	.cfi_endproc
	.size	_start, . - _start

	.section .note.GNU-stack, "", @progbits

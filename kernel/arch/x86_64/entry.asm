; System calls in, and every way back to user mode out.
;
; On the way in all registers go into the frame at the top of the kernel stack.  On the way out interrupts
; are off from the test of the flags to the last instruction, so nothing can set a flag in between unseen.
; SYSRET faults in the kernel on a bad rip: it is used only where rcx and r11 are what it would load and
; rip is the user's; everything else leaves by IRETQ.

%include "offsets.inc"

	global entry_syscall, entry_syscall_32, user_return_all, arch_user_enter
	extern entries, user_prepare

section .text

align 64
entry_syscall:
	swapgs
	mov [gs:CPU_USER_RSP], rsp
	mov rsp, [gs:CPU_KERNEL_RSP]
	push qword USER_SS
	push qword [gs:CPU_USER_RSP]
	push r11
	push qword USER_CS
	push rcx
	push rax		; orig_rax
	push rdi
	push rsi
	push rdx
	push rcx
	push rax
	push r8
	push r9
	push r10
	push r11
	push rbx
	push rbp
	push r12
	push r13
	push r14
	push r15
	sti
	xor ebp, ebp		; a backtrace ends here
	mov rdi, [gs:CPU_THREAD]
	mov rsi, rsp
	sub rsp, 8		; the C convention's alignment
	call [entries + ENTRY_SYSCALL]

	cli
	mov rdi, [gs:CPU_THREAD]
	test dword [rdi + THREAD_FLAGS], FLAGS_RETURN
	jnz .slow
	cmp [gs:CPU_LOADED], rdi
	jne .slow
.sysret:			; r12 to r15 and rbx are as they came: C keeps them
	mov rcx, [rsp + 8 + FRAME_RIP]
	cmp rcx, [rsp + 8 + FRAME_RCX]
	jne restore_all
	mov r11, [rsp + 8 + FRAME_RFLAGS]
	cmp r11, [rsp + 8 + FRAME_R11]
	jne restore_all
	mov rax, rcx
	shr rax, 47
	jnz restore_all
	mov rbp, [rsp + 8 + FRAME_RBP]
	mov r10, [rsp + 8 + FRAME_R10]
	mov r9, [rsp + 8 + FRAME_R9]
	mov r8, [rsp + 8 + FRAME_R8]
	mov rax, [rsp + 8 + FRAME_RAX]
	mov rdx, [rsp + 8 + FRAME_RDX]
	mov rsi, [rsp + 8 + FRAME_RSI]
	mov rdi, [rsp + 8 + FRAME_RDI]
	mov rsp, [rsp + 8 + FRAME_RSP]
	swapgs
	o64 sysret

.slow:
	lea rsi, [rsp + 8]
	call user_prepare
	test al, al		; was the frame touched?
	jz .sysret
	jmp restore_all

; From a trap: the frame lies 8 bytes above rsp.
user_return_all:
	cli
	mov rdi, [gs:CPU_THREAD]
	test dword [rdi + THREAD_FLAGS], FLAGS_RETURN
	jnz .slow
	cmp [gs:CPU_LOADED], rdi
	je restore_all
.slow:
	lea rsi, [rsp + 8]
	call user_prepare
restore_all:
	add rsp, 8
	pop r15
	pop r14
	pop r13
	pop r12
	pop rbp
	pop rbx
	pop r11
	pop r10
	pop r9
	pop r8
	pop rax
	pop rcx
	pop rdx
	pop rsi
	pop rdi
	add rsp, 8		; orig_rax
	swapgs
	iretq

; A new thread's first way to user mode: its frame has been filled.
arch_user_enter:
	cli
	mov rsp, [rdi + THREAD_STACK_TOP]
	sub rsp, FRAME_SIZE + 8
	xor ebp, ebp
	jmp user_return_all

; SYSCALL from compatibility mode, which no segment of ours lets a user enter.
entry_syscall_32:
	o64 sysret

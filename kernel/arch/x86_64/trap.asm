; Exceptions and interrupts: one stub a vector, then the same frame that system calls make.
;
; From user mode they run on the thread's kernel stack and may sleep.  NMI, machine check and double fault
; run on stacks of their own and may have come between any two instructions, so they find out by the
; register itself whose gs it is.  So does #DB from the kernel; from user mode it moves to the thread's stack.

%include "offsets.inc"

	global trap_stubs, trap_stub_db, trap_stub_nmi, trap_stub_df, trap_stub_mc
	extern trap_user, trap_kernel, trap_paranoid, user_return_all

section .text

%macro PUSH_REST 0
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
	cld
%endmacro

%macro POP_ALL 0
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
	add rsp, 8
%endmacro

; Arguments of the C function: frame, vector, error.  The error code lies where orig_rax belongs.
%macro ARGUMENTS 0
	mov esi, edi
	mov rdx, [rsp + FRAME_ORIG_RAX]
	mov qword [rsp + FRAME_ORIG_RAX], -1
	mov rdi, rsp
%endmacro

; Makes the interrupted function a caller in backtraces; keeps the stack's alignment.
%macro LINK_FRAME 0
	push rax
	push qword [rdi + FRAME_RIP]
	push rbp
	mov rbp, rsp
%endmacro

align 16
trap_stubs:
%assign vector 0
%rep 256
%if !(vector == 8 || (vector >= 10 && vector <= 14) || vector == 17 || vector == 21 || vector == 29 || vector == 30)
	push qword 0
%endif
	push rdi
	mov edi, vector
	jmp near trap_common
	align 16
%assign vector vector + 1
%endrep

trap_common:
	PUSH_REST
	CLAC_HERE
	test byte [rsp + FRAME_CS], 3
	jz .kernel
	swapgs
.user:
	ARGUMENTS
	xor ebp, ebp
	sub rsp, 8
	call trap_user
	jmp user_return_all
.kernel:
	ARGUMENTS
	LINK_FRAME
	call trap_kernel
	add rsp, 24
	POP_ALL
	iretq

%macro PARANOID 2		; vector, has an error code
%if !%2
	push qword 0
%endif
	push rdi
	mov edi, %1
	jmp paranoid_common
%endmacro

trap_stub_nmi:
	PARANOID 2, 0
trap_stub_df:
	PARANOID 8, 1
trap_stub_mc:
	PARANOID 18, 0

paranoid_common:
	PUSH_REST
	CLAC_HERE
	ARGUMENTS
	mov r8, rdx
	mov ecx, MSR_GS_BASE
	rdmsr
	xor ebx, ebx
	test edx, edx
	js .kernel_gs
	swapgs
	inc ebx
.kernel_gs:
	mov rdx, r8
	LINK_FRAME
	call trap_paranoid
	add rsp, 24
	test ebx, ebx
	jz .out
	swapgs
.out:
	POP_ALL
	iretq

trap_stub_db:
	test byte [rsp + 8], 3
	jnz .user
	PARANOID 1, 0
.user:
	swapgs
	mov [gs:CPU_USER_RSP], rdi
	mov rdi, rsp
	mov rsp, [gs:CPU_KERNEL_RSP]
	push qword [rdi + 32]
	push qword [rdi + 24]
	push qword [rdi + 16]
	push qword [rdi + 8]
	push qword [rdi]
	push qword 0
	push qword [gs:CPU_USER_RSP]
	mov edi, 1
	PUSH_REST
	CLAC_HERE
	jmp trap_common.user

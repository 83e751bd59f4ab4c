; From one kernel stack to another.

%include "offsets.inc"

	global switch_stacks, switch_first, switch_to_stack, selectors_clear
	extern thread_begin

section .text

; struct thread *switch_stacks(uint64_t *save_rsp, uint64_t load_rsp, struct thread *prev)
; Returns prev, on the other stack.
switch_stacks:
	push rbp
	push rbx
	push r12
	push r13
	push r14
	push r15
	mov [rdi], rsp
	mov rsp, rsi
	pop r15
	pop r14
	pop r13
	pop r12
	pop rbx
	pop rbp
	mov rax, rdx
	ret

; Where the first switch to a thread returns to: arch_thread_init left entry and arg in r12 and r13.
switch_first:
	xor ebp, ebp
	mov rdi, r12
	mov rsi, r13
	call thread_begin
	ud2

; void switch_to_stack(void (*entry)(void *), void *arg, uint64_t top): never back.
switch_to_stack:
	mov rsp, rdx
	xor ebp, ebp
	mov rax, rdi
	mov rdi, rsi
	call rax
	ud2

; Puts 0 into the data selectors that a user program has loaded.  Interrupts off.
selectors_clear:
	xor eax, eax
	mov ds, eax
	mov es, eax
	mov fs, eax
	swapgs
	mov gs, eax
	swapgs
	ret

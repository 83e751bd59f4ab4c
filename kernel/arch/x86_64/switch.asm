; What is left of switching threads that C cannot say (switch.h has the switch itself).

%include "offsets.inc"

	global switch_first, switch_to_stack, selectors_clear
	extern thread_begin

section .text

; Where the first switch to a thread goes on: arch_thread_init left what is popped here.
switch_first:
	pop rbp
	pop rdi
	pop rsi
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

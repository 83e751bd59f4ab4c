; The only instructions that touch user memory.  Each that may fault has a row in .fixups: where to go on
; when the page is not there (trap.c).

%include "offsets.inc"

	global arch_copy_bytes, arch_copy_text

section .text

%macro FIXUP 2			; the instruction, where to go on
	[section .fixups progbits alloc noexec nowrite align=8]
	dq %1, %2
	__?SECT?__
%endmacro

; size_t arch_copy_bytes(void *to, const void *from, size_t n): how many were not copied.
arch_copy_bytes:
	STAC_HERE
	mov rcx, rdx
	and edx, 7
	shr rcx, 3
.words:	rep movsq
	mov ecx, edx
.bytes:	rep movsb
	CLAC_HERE
	mov eax, ecx
	ret
.words_fault:
	lea rax, [rdx + rcx * 8]
	CLAC_HERE
	ret
.bytes_fault:
	mov eax, ecx
	CLAC_HERE
	ret
	FIXUP .words, .words_fault
	FIXUP .bytes, .bytes_fault

; int64_t arch_copy_text(char *to, const char *from, size_t n): bytes before the NUL, which is not copied;
; n: there is none; -1: a fault.
arch_copy_text:
	STAC_HERE
	mov rcx, rdx
	mov rax, rdx
	jrcxz .out
.next:	mov dl, [rsi]
	test dl, dl
	jz .end
	mov [rdi], dl
	inc rsi
	inc rdi
	dec rcx
	jnz .next
.out:	CLAC_HERE
	ret
.end:	sub rax, rcx
	CLAC_HERE
	ret
.fault:	mov rax, -1
	CLAC_HERE
	ret
	FIXUP .next, .fault

; Where the other CPUs start: copied to AP_BLOB_PHYS (below 1 MiB), entered in real mode by the
; start-up IPI, leaves to ap_entry in 64-bit mode.  One CPU at a time: smp.c fills in the last words.

%include "offsets.inc"

PHYS		equ 0x8000	; AP_BLOB_PHYS
CR4_PAE		equ 0x20
MSR_EFER	equ 0xc0000080
CR0_ON		equ 0x80010001
CR0_CACHE_OFF	equ 0x60000000
%define AT(label) (PHYS + (label) - ap_blob)

	global ap_blob, ap_blob_end, ap_cr3, ap_efer, ap_stack, ap_entry

section .rodata
align 16
bits 16
ap_blob:
	cli
	cld
	mov ax, cs
	mov ds, ax
	o32 lgdt [gdtr - ap_blob]
	mov eax, cr0
	or al, 1
	mov cr0, eax
	jmp dword 0x08:AT(protected)
bits 32
protected:
	mov ax, 0x10
	mov ds, ax
	mov ss, ax
	mov eax, cr4
	or eax, CR4_PAE
	mov cr4, eax
	mov eax, [AT(ap_cr3)]
	mov cr3, eax
	mov ecx, MSR_EFER
	rdmsr
	or eax, [AT(ap_efer)]
	wrmsr
	mov eax, cr0
	and eax, ~CR0_CACHE_OFF
	or eax, CR0_ON
	mov cr0, eax
	jmp 0x18:AT(long_mode)
bits 64
long_mode:
	xor eax, eax
	mov ds, eax
	mov es, eax
	mov fs, eax
	mov gs, eax
	mov ss, eax
	mov rsp, [AT(ap_stack)]
	xor ebp, ebp
	call [AT(ap_entry)]

align 8
gdt:	dq 0
	dq 0x00cf9b000000ffff	; 0x08: 32-bit code
	dq 0x00cf93000000ffff	; 0x10: data
	dq 0x00af9b000000ffff	; 0x18: 64-bit code
gdtr:	dw gdtr - gdt - 1
	dd AT(gdt)
align 8
ap_cr3:		dq 0
ap_efer:	dq 0
ap_stack:	dq 0
ap_entry:	dq 0
ap_blob_end:

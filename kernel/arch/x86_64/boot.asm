; The first instructions on the boot CPU: entered by GRUB (multiboot2) or by QEMU's -kernel (PVH) in
; 32-bit mode without paging, they make the first page tables, enter 64-bit mode and call boot_main.
;
; The loader's word in eax is trusted only if it is multiboot2's: qboot enters a PVH kernel with
; multiboot1's, so PVH is known by the magic number of the structure that ebx points to.

%include "offsets.inc"

MB2_MAGIC	equ 0xe85250d6
MB2_LOADED	equ 0x36d76289
PVH_MAGIC	equ 0x336ec578
CR4_PAE		equ 0x20
MSR_EFER	equ 0xc0000080
EFER_SCE_LME	equ 0x101
EFER_NXE	equ 0x800
CR0_ON		equ 0x80010001	; PG WP PE
CR0_CACHE_OFF	equ 0x60000000	; CD NW
TABLE		equ 0x03	; present, writable
PAGE_2M		equ 0x83
STACK_SIZE	equ 16384

	global boot_entry, boot_pml4
	extern boot_main, bss_start, bss_end

section .multiboot progbits alloc noexec nowrite align=8
header:
	dd MB2_MAGIC, 0, header_end - header
	dd 0x100000000 - (MB2_MAGIC + (header_end - header))
	dw 0, 0			; no more tags
	dd 8
header_end:

section .note.boot note alloc noexec nowrite align=4
	dd 4, 4, 18		; the 32-bit entry
	db "Xen", 0
	dd boot_entry

section .boot progbits alloc exec nowrite align=16
bits 32
boot_entry:
	cli
	cld
	mov esi, eax
	mov ebp, ebx
	cmp esi, MB2_LOADED
	je .known
	mov esi, PVH_MAGIC
	cmp [ebp], esi
	jne refuse
.known:
	mov edi, bss_start - KERNEL_BASE
	mov ecx, bss_end - KERNEL_BASE
	sub ecx, edi
	shr ecx, 2
	xor eax, eax
	rep stosd
	mov esp, boot_stack_end - KERNEL_BASE

	mov eax, 0x80000000
	cpuid
	cmp eax, 0x80000001
	jb refuse
	mov eax, 0x80000001
	cpuid
	bt edx, 29		; long mode
	jnc refuse
	mov ebx, edx

	; 0 ... 4 GiB at 0 and in the direct map, the first GiB at KERNEL_BASE
	mov eax, boot_pdpt_low - KERNEL_BASE + TABLE
	mov [boot_pml4 - KERNEL_BASE], eax
	mov [boot_pml4 - KERNEL_BASE + 256 * 8], eax
	mov dword [boot_pml4 - KERNEL_BASE + 511 * 8], boot_pdpt_high - KERNEL_BASE + TABLE
	mov eax, boot_pd - KERNEL_BASE + TABLE
	mov [boot_pdpt_high - KERNEL_BASE + 510 * 8], eax
	mov edi, boot_pdpt_low - KERNEL_BASE
	mov ecx, 4
.tables:
	mov [edi], eax
	add eax, 4096
	add edi, 8
	loop .tables
	mov edi, boot_pd - KERNEL_BASE
	mov eax, PAGE_2M
	mov ecx, 4 * 512
.pages:
	mov [edi], eax
	add eax, 0x200000
	add edi, 8
	loop .pages

	mov eax, cr4
	or eax, CR4_PAE
	mov cr4, eax
	mov eax, boot_pml4 - KERNEL_BASE
	mov cr3, eax
	bt ebx, 20		; NX
	mov ebx, EFER_SCE_LME
	jnc .no_nx
	or ebx, EFER_NXE
.no_nx:
	mov ecx, MSR_EFER
	rdmsr
	or eax, ebx
	wrmsr
	mov eax, cr0
	and eax, ~CR0_CACHE_OFF
	or eax, CR0_ON
	mov cr0, eax
	lgdt [boot_gdtr]
	jmp 0x10:boot_long

refuse:			; no loader that we know, or a 32-bit processor
	mov esi, refusal
	mov ecx, refusal_end - refusal
	mov edx, 0x3f8
	rep outsb
.halt:	hlt
	jmp .halt

refusal: db "This kernel needs a 64-bit processor and a multiboot2 or PVH loader.", 13, 10
refusal_end:

align 8
boot_gdt:
	dq 0, 0
	dq 0x00af9b000000ffff	; 0x10: 64-bit code
	dq 0x00cf93000000ffff	; 0x18: data
boot_gdtr:
	dw boot_gdtr - boot_gdt - 1
	dd boot_gdt

bits 64
boot_long:
	mov eax, 0x18
	mov ss, eax
	xor eax, eax
	mov ds, eax
	mov es, eax
	mov fs, eax
	mov gs, eax
	mov rsp, boot_stack_end
	mov edi, esi
	mov esi, ebp
	xor ebp, ebp
	mov rax, boot_main
	call rax

section .bss nobits alloc noexec write align=4096
boot_pml4:	resb 4096
boot_pdpt_low:	resb 4096
boot_pdpt_high:	resb 4096
boot_pd:	resb 4 * 4096
		resb STACK_SIZE
boot_stack_end:

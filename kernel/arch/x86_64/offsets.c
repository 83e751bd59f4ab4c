/* Proves at compile time that offsets.inc says what the structures say.  Makes
 * no code. */
#include "local.h"

#define SAME(type, member, offset)                                             \
	_Static_assert(offsetof(struct type, member) == (offset), #member)

SAME(cpu, self, 0);
SAME(cpu, user_rsp, 8);
SAME(cpu, kernel_rsp, 16);
SAME(cpu, thread, 24);
SAME(cpu, loaded, 32);
SAME(cpu, calls, 56);
SAME(arch_thread, flags, 0);
SAME(arch_thread, stack_top, 16);
SAME(frame, r15, 0);
SAME(frame, rbp, 32);
SAME(frame, rbx, 40);
SAME(frame, r11, 48);
SAME(frame, rax, 80);
SAME(frame, rcx, 88);
SAME(frame, rdi, 112);
SAME(frame, orig_rax, 120);
SAME(frame, rip, 128);
SAME(frame, cs, 136);
SAME(frame, rflags, 144);
SAME(frame, rsp, 152);
SAME(frame, ss, 160);
_Static_assert(sizeof(struct frame) == 168, "frame");
SAME(arch_entries, syscall, 0);
_Static_assert((ARCH_FLAGS_RETURN | ARCH_FLAG_TOUCHED) == 0x9f, "flags");
_Static_assert(sizeof(struct tss) == 104, "tss");

/* Processor exceptions of user programs. */
#pragma once

#include "arch/x86_64/arch.h"

int fault_page(struct thread *thread, uint64_t address,
	       enum arch_fault_kind kind); /* arch_entries.page_fault */
void fault_exception(struct thread *thread, struct frame *frame,
		     unsigned vector, uint64_t error, uint64_t address);

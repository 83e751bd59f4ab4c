/* The list of free memory in struct boot_info: regions.c. */
#pragma once

#include "arch.h"

void region_add(struct boot_info *boot, uint64_t start, uint64_t end);
void region_cut(struct boot_info *boot, uint64_t start, uint64_t end);

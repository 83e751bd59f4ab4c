/* Who a process is: user and group ids, real, effective, saved. */
#pragma once

#include <stdint.h>

struct cred {
	uint32_t ruid, euid, suid;
	uint32_t rgid, egid, sgid;
};

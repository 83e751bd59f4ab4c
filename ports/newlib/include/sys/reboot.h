/* Ending or restarting the machine: REBOOT_POWEROFF, REBOOT_RESTART
 * (kernel/abi/syscall.h). */
#ifndef _SYS_REBOOT_H
#define _SYS_REBOOT_H

#include <proctor/abi/syscall.h>

#ifdef __cplusplus
extern "C" {
#endif

int reboot(int);

#ifdef __cplusplus
}
#endif

#endif

/*
 * terminal.def as a table of values, as linux.c.
 */
#include <stddef.h>
#ifdef __proctor__
#include <sys/ioctl.h>
#include <termios.h>
#else
#include <asm/termios.h>
#include <asm/termbits.h>
#endif

#define LIST "terminal.def"
#include "table.c"

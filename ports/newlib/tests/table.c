/*
 * The rows of LIST as an array named TABLE.  Included by linux.c and
 * terminal.c, on the guest's side after it was shown that the kernel has the
 * same numbers.
 */
#include "table.h"

#ifdef __proctor__
#include <proctor/abi/fcntl.h>

#define GROUP(sentence)
#define NUMBER(name)
#define SIZE(type)
#define OFFSET(type, member)
#define KERNEL(name) _Static_assert(name == K##name, #name);
#include LIST
#undef GROUP
#undef NUMBER
#undef SIZE
#undef OFFSET
#undef KERNEL
#endif

#define GROUP(sentence) {sentence, 0, 1},
#define NUMBER(name)	{#name, (long)(name), 0},
#define KERNEL(name)	NUMBER(name)
#define SIZE(type)	{"sizeof " #type, (long)sizeof(type), 0},
#define OFFSET(type, member)                                                   \
	{#type " " #member, (long)offsetof(type, member), 0},

extern const struct row TABLE[];
const struct row TABLE[] = {
#include LIST
	{0, 0, 1},
};

/* Memory and strings: what a freestanding C lacks.  The same meaning as in ISO
 * C. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void *memcpy(void *restrict to, const void *restrict from, size_t n);
void *memmove(void *to, const void *from, size_t n);
void *memset(void *to, int byte, size_t n);
int memcmp(const void *a, const void *b, size_t n);
void *memchr(const void *s, int byte, size_t n);
size_t strlen(const char *s);
size_t strnlen(const char *s, size_t n);
int strcmp(const char *a, const char *b);
int strncmp(const char *a, const char *b, size_t n);
char *strchr(const char *s, int c);
char *strrchr(const char *s, int c);

/* Copies of a constant length become moves: -ffreestanding hides from the
 * compiler what these are. */
#define memcpy(to, from, n) __builtin_memcpy((to), (from), (n))
#define memset(to, byte, n) __builtin_memset((to), (byte), (n))

/* Copies at most size - 1 bytes and ends with NUL; returns strlen(from). */
size_t text_copy(char *to, const char *from, size_t size);

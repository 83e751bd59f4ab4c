/*
 * The kernel's log and panics.  Output goes to the serial console and to a ring
 * that sys:/log shows. Formats: %s %c %d %u %x %p %%, with l (64-bit), z,
 * width, precision of %s, 0 and -.  Nothing here sleeps or allocates.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct thread;

void print(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Bytes for the console alone, not for the log, and never in the middle of a
 * line of print's. */
void print_console(const char *s, size_t n);

/* Prints `KERNEL PANIC:`, the reason and a symbolic backtrace, stops the other
 * CPUs, and ends the machine (arch_die). */
_Noreturn void panic(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* Set by the scheduler: the name of a CPU's thread, for the panic's message. */
extern const char *(*panic_thread_name)(const struct thread *thread);

#define assert(e) ((e) ? (void)0 : panic("%s:%d: %s", __FILE__, __LINE__, #e))

/* The same formats into memory; always NUL-terminated when size > 0; returns
 * the length that the whole text has. */
size_t format_text(char *buf, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
size_t format_textv(char *buf, size_t size, const char *format, va_list args);

/* Copies out of the log's ring: bytes from position `at` (monotonic) on;
 * returns how many, moves *at on past what was lost. */
size_t print_log_read(uint64_t *at, char *buf, size_t size);

/* `kernel.quiet`: from now on the log goes to the ring only; panics still show.
 */
void print_quiet(void);

/* For panic: from now on print waits for nobody. */
void print_force(void);

/*
 * The kernel's log: a line goes to the serial console and into a ring that
 * sys:/log shows.  Called by everybody, interrupt handlers too.  Rule: below
 * the ranked locks, which report through here, so it has a lock of its own, and
 * a panic passes by it.
 */
#include "print.h"
#include "arch/x86_64/arch.h"
#include "format.h"
#include "text.h"

#define LOG_SIZE 65536u

static _Atomic bool busy; /* guards the ring and the console */
static _Atomic bool forced;
static _Atomic bool quiet; /* the console is somebody's terminal */
static char ring[LOG_SIZE];
static uint64_t ring_end; /* bytes ever logged */

/* Returns whether interrupts were on. */
static bool
print_enter(void)
{
	bool on = arch_irq_enabled();

	arch_irq_disable();
	while (!atomic_load(&forced) && atomic_exchange(&busy, true))
		arch_pause();
	return on;
}

static void
print_leave(bool interrupts_on)
{
	atomic_store(&busy, false);
	if (interrupts_on)
		arch_irq_enable();
}

static void
print_console_put(const char *s, size_t n)
{
	while (n) {
		const char *end = memchr(s, '\n', n);
		size_t line = end ? (size_t)(end - s) : n;

		arch_console_write(s, line);
		if (!end)
			return;
		arch_console_write("\r\n", 2);
		s += line + 1;
		n -= line + 1;
	}
}

static void
print_log_put(void *arg, const char *s, size_t n)
{
	(void)arg;
	if (!atomic_load(&quiet) || atomic_load(&forced))
		print_console_put(s, n);
	for (size_t i = 0; i < n; i++)
		ring[ring_end++ % LOG_SIZE] = s[i];
}

void
print_quiet(void)
{
	atomic_store(&quiet, true);
}

/* Never sleeps; any context. */
void
print(const char *format, ...)
{
	va_list args;
	bool on = print_enter();

	va_start(args, format);
	format_pieces(print_log_put, NULL, format, args);
	va_end(args);
	print_leave(on);
}

/* Bytes as they are, not logged.  Never sleeps; any context. */
void
print_console(const char *s, size_t n)
{
	bool on = print_enter();

	arch_console_write(s, n);
	print_leave(on);
}

/* Returns how many bytes were copied; *at is then where the next ones are. */
size_t
print_log_read(uint64_t *at, char *buf, size_t size)
{
	bool on = print_enter();
	uint64_t first = ring_end > LOG_SIZE ? ring_end - LOG_SIZE : 0;
	size_t n = 0;

	if (*at < first)
		*at = first;
	for (; n < size && *at < ring_end; n++)
		buf[n] = ring[(*at)++ % LOG_SIZE];
	print_leave(on);
	return n;
}

/* The lock may be held by a CPU that was stopped. */
void
print_force(void)
{
	atomic_store(&forced, true);
}

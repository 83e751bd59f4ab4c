/*
 * The terminal's device: the serial line.
 *
 * Called by its interrupt and by tty.c.  The rule: bytes go out a few at a time
 * under the lock, with interrupts off no longer than the line's own buffer
 * takes.
 */
#include "arch/x86_64/arch.h"
#include "print.h"
#include "tty.h"

#define CONSOLE_PART 16u

struct tty tty;

static void
console_put(const char *bytes, size_t n)
{
	char out[2 * CONSOLE_PART];
	unsigned used = 0;
	size_t i;

	for (i = 0; i < n; i++)
		used += line_output(&tty.line, bytes[i], out + used);
	arch_console_write(out, used);
}

void
console_write(const char *bytes, size_t n)
{
	size_t part;

	mutex_lock(&tty.writing);
	for (; n; n -= part, bytes += part) {
		part = n < CONSOLE_PART ? n : CONSOLE_PART;
		spin_lock(&tty.lock);
		console_put(bytes, part);
		spin_unlock(&tty.lock);
	}
	mutex_unlock(&tty.writing);
}

static void
console_interrupt(void *arg)
{
	struct line_echo echo;
	int sig;
	char c;

	(void)arg;
	spin_lock(&tty.lock);
	while (arch_console_read(&c)) {
		sig = line_input(&tty.line, c, &echo);
		console_put(echo.bytes, echo.used);
		if (sig)
			tty.signals_due |= 1ul << (sig - 1);
	}
	if (line_ready(&tty.line))
		waitq_wake(&tty.readable);
	if (tty.signals_due)
		waitq_wake(&tty.signals);
	spin_unlock(&tty.lock);
}

void
console_init(void)
{
	waitq_init(&tty.readable);
	waitq_init(&tty.writable);
	waitq_init(&tty.signals);
	mutex_init(&tty.reading, RANK_DEVICE_MUTEX);
	mutex_init(&tty.writing, RANK_DEVICE_MUTEX);
	spin_init(&tty.lock, RANK_TTY);
	line_init(&tty.line);
	if (arch_irq_attach(ARCH_CONSOLE_IRQ, false, console_interrupt, NULL))
		print("tty: no interrupt: nothing can be typed\n");
	else
		arch_console_irq_enable();
}

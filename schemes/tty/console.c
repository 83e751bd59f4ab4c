/*
 * The terminal's device: the serial line.
 *
 * Called by its interrupt, and by whoever has put something into the ring of
 * output or made room in that of keys.  The rule: whoever changed something
 * calls console_move, which moves bytes both ways until neither can go on, and
 * has the line interrupt when one can again.
 *
 * The line's interrupt comes by an edge: bytes that are left where they are
 * would keep it high for ever.  So keys for which there is no room stay in the
 * line with their interrupt off.
 */
#include "arch/x86_64/arch.h"
#include "print.h"
#include "tty.h"

struct tty tty;

struct console_irq {
	bool input; /* the line is to say that keys have come, */
	bool room;  /* that there is room for output */
};

static struct console_irq irq_wanted, irq_set;

/* ---- output ---- */

static void
console_put(struct line *line, char c)
{
	(void)line;
	if (tty.out_head - tty.out_tail < TTY_OUTPUT)
		tty.out[tty.out_head++ % TTY_OUTPUT] = c;
}

static void
console_put_first(struct line *line, char c)
{
	(void)line;
	if (arch_console_try_write(c) ||
	    tty.out_head - tty.out_tail >= TTY_OUTPUT)
		return;
	tty.out[--tty.out_tail % TTY_OUTPUT] = c;
}

static void
console_drop(struct line *line)
{
	(void)line;
	tty.out_tail = tty.out_head;
	waitq_wake(&tty.writable);
}

static const struct line_ops console_ops = {
	.put = console_put,
	.put_first = console_put_first,
	.drop = console_drop,
};

bool
console_has_room(void)
{
	return tty.out_head - tty.out_tail + LINE_WIDE <= TTY_OUTPUT - TTY_ECHO;
}

size_t
console_take(const char *bytes, size_t n)
{
	size_t i;

	for (i = 0; i < n && console_has_room(); i++)
		line_write(&tty.line, bytes[i]);
	return i;
}

uint32_t
console_waiting(void)
{
	return tty.out_head - tty.out_tail;
}

/* ---- both ways ---- */

static void
console_send(void)
{
	uint32_t before = tty.out_tail;

	while (!tty.line.stopped && tty.out_tail != tty.out_head &&
	       arch_console_try_write(tty.out[tty.out_tail % TTY_OUTPUT]))
		tty.out_tail++;
	irq_wanted.room = !tty.line.stopped && tty.out_tail != tty.out_head;
	if (tty.out_tail != before)
		waitq_wake(&tty.writable);
}

void
console_key(char c)
{
	uint32_t before = tty.line.ready;
	int sig = line_input(&tty.line, c);

	if (sig)
		console_signal(sig);
	if (tty.line.ready != before)
		waitq_wake(&tty.readable);
}

void
console_signal(int sig)
{
	tty.signals_due |= 1ul << (sig - 1);
	waitq_wake(&tty.signals);
}

static bool
console_receive(void)
{
	bool came = false;
	char c;

	while (line_has_room(&tty.line) && arch_console_read(&c)) {
		console_key(c);
		came = true;
	}
	line_throttle(&tty.line);
	irq_wanted.input = line_has_room(&tty.line);
	return came;
}

static void
console_set_irq(void)
{
	if (irq_wanted.input == irq_set.input &&
	    irq_wanted.room == irq_set.room)
		return;
	irq_set = irq_wanted;
	arch_console_irq_enable(irq_set.input, irq_set.room);
}

/* The last look at the keys comes after the last change of what interrupts. */
void
console_move(void)
{
	bool came;

	do {
		came = console_receive();
		console_send();
		console_set_irq();
	} while (came);
}

static void
console_interrupt(void *arg)
{
	(void)arg;
	spin_lock(&tty.lock);
	console_move();
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
	line_init(&tty.line, &console_ops);
	/* A serial line does not know its terminal's size: the customary one.
	 */
	tty.size = (struct abi_winsize){.ws_row = 24, .ws_col = 80};
	if (arch_irq_attach("console", ARCH_CONSOLE_IRQ, false,
			    console_interrupt, NULL))
		print("tty: no interrupt: nothing can be typed\n");
	spin_lock(&tty.lock);
	console_move();
	spin_unlock(&tty.lock);
}

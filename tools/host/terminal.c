/*
 * The user's terminal, raw while a guest has it.
 *
 * Called by relay for `-t` and the demo.  terminal_restore may be called at any
 * time, also twice.
 */
#include "terminal.h"

#include <stdbool.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

static struct termios terminal_saved;
static bool terminal_is_raw;

void
terminal_restore(void)
{
	if (terminal_is_raw)
		tcsetattr(STDIN_FILENO, TCSANOW, &terminal_saved);
	terminal_is_raw = false;
}

void
terminal_raw(void)
{
	struct termios raw;

	if (tcgetattr(STDIN_FILENO, &terminal_saved) < 0)
		return;
	raw = terminal_saved;
	cfmakeraw(&raw);
	atexit(terminal_restore);
	terminal_is_raw = tcsetattr(STDIN_FILENO, TCSADRAIN, &raw) == 0;
}

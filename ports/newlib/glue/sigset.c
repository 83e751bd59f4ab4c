/*
 * Sets of signals: bit n-1 for signal n.
 */
#include <signal.h>

#include "glue.h"

/* Returns the signal's bit, or 0 with errno set. */
static sigset_t
sigset_bit(int number)
{
	if (number <= 0 || number >= NSIG) {
		errno = EINVAL;
		return 0;
	}
	return (sigset_t)1 << (number - 1);
}

int
sigemptyset(sigset_t *set)
{
	*set = 0;
	return 0;
}

int
sigfillset(sigset_t *set)
{
	*set = ~(sigset_t)0;
	return 0;
}

int
sigaddset(sigset_t *set, int number)
{
	sigset_t bit = sigset_bit(number);

	*set |= bit;
	return bit ? 0 : -1;
}

int
sigdelset(sigset_t *set, int number)
{
	sigset_t bit = sigset_bit(number);

	*set &= ~bit;
	return bit ? 0 : -1;
}

int
sigismember(const sigset_t *set, int number)
{
	sigset_t bit = sigset_bit(number);

	return bit ? (*set & bit) != 0 : -1;
}

/*
 * Names and numbers of signals: see signals.h.  One table for all: the
 * kernel's.
 */
#include "signals.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

static const struct {
	int number;
	const char *name;
} signals[] = {
#define SIGNAL(name, number, action) {(number), #name},
#include <proctor/abi/signals.def>
};

const char *
signal_name(int number)
{
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (signals[i].number == number)
			return signals[i].name + 3;
	return NULL;
}

int
signal_number(const char *word)
{
	char *end;
	long number;

	if (isdigit((unsigned char)*word)) {
		number = strtol(word, &end, 10);
		return *end == '\0' && number <= 64 ? (int)number : -1;
	}
	if (strncasecmp(word, "SIG", 3) == 0)
		word += 3;
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		if (strcasecmp(signals[i].name + 3, word) == 0)
			return signals[i].number;
	return -1;
}

/*
 * Compares the guest's tables with the host's and prints one TAP line for each
 * group.  Argument: the number of the last line printed before.  Returns 1 if
 * anything differs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "table.h"

extern const struct row guest_linux[], host_linux[];
extern const struct row guest_terminal[], host_terminal[];

static int number, failed;

/* Takes a group's rows, and returns the row behind them. */
static const struct row *
compare_group(const struct row *guest, const struct row **host)
{
	const struct row *group = guest;
	int differ = 0;

	for (guest++, (*host)++; !guest->group; guest++, (*host)++) {
		if (guest->value == (*host)->value)
			continue;
		printf("# %s: %ld, the host has %ld\n", guest->name,
		       guest->value, (*host)->value);
		differ = 1;
	}
	printf("%s %d - %s\n", differ ? "not ok" : "ok", ++number, group->name);
	failed |= differ;
	return guest;
}

static void
compare_table(const struct row *guest, const struct row *host)
{
	while (guest->name)
		guest = compare_group(guest, &host);
}

int
main(int argc, char **argv)
{
	number = argc > 1 ? atoi(argv[1]) : 0;
	compare_table(guest_linux, host_linux);
	compare_table(guest_terminal, host_terminal);
	return failed;
}

/* A row of the tables that both compilers make; one without a name's value
 * begins a group. */
#pragma once

struct row {
	const char *name;
	long value;
	int group;
};

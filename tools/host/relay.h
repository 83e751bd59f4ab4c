/* One guest from start to verdict. */
#pragma once

#include "job.h"

#include <stdbool.h>

struct relay_plan {
	char **qemu; /* its command line, NULL-terminated */
	const struct buffer *initrd;
	double timeout; /* seconds for the program; 0: none */
	bool tty;	/* the terminal is the guest's serial console */
	bool patient;	/* there is no limit for the start either */
	int log;	/* descriptor for a copy of the serial line, or -1 */
};

/*
 * Boots the guest, carries bytes until it is gone.  Returns its verdict, 124 or
 * 125; `back` is what it sent back.  On SIGINT and its like the guest is ended
 * and the program dies of that signal.
 */
int relay_run(const struct relay_plan *plan, struct buffer *back);

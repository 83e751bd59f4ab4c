/* Signal numbers KSIGHUP ... (Linux x86-64's), from signals.def.  Sets of
 * signals are uint64_t, bit n-1 for signal n. */
#pragma once

enum signal_number {
#define SIGNAL(name, number, action) K##name = (number),
#include "signals.def"
#undef SIGNAL
	SIGNAL_MAX = 64
};

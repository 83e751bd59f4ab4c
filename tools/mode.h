/* Modes as chmod takes them, octal or `u=rwx,go-w`: for chmod, mkdir, find. */
#pragma once

#include <stdbool.h>

/*
 * What `text` makes of the mode `old`, which is a directory's or not.  mask:
 * the umask, for clauses that do not say whose.  -1: the text is no mode.
 */
int mode_change(const char *text, unsigned old, bool directory, unsigned mask);

/* What words of a command stand for: signals, times, users and groups, numbers
 * of bytes. */
#pragma once

#include <stdint.h>
#include <sys/types.h>
#include <time.h>

/* The number of NAME, SIGNAME or a number; -1: there is none. */
int names_signal(const char *text);
/* The name without SIG, or NULL. */
const char *names_signal_name(int number);
/* NUMBER[smhd], fractions allowed.  false: it is none. */
_Bool names_time(const char *text, struct timespec *time);
/* The id of a user, of a group: by its name, else by its number.  false: it is
 * neither. */
_Bool names_user(const char *text, uid_t *id);
_Bool names_group(const char *text, gid_t *id);
/*
 * Takes a number in this base (as strtoull has it) from *text, with a letter
 * behind it if it is one of `letters`: b 512, c 1, k K 1024, m M, G.  false:
 * there is none, or it is too large.
 */
_Bool names_bytes(const char **text, int base, const char *letters,
		  uint64_t *bytes);

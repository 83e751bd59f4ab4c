/* What of a file is shown as text: for ls, stat, du and df. */
#pragma once

#include <stdint.h>
#include <sys/types.h>

/* `drwxr-xr-x`. */
void show_mode(mode_t mode, char text[11]);

/* A number of bytes in at most four columns: 812, 1.5K, 23M; rounded up. */
void show_human(uint64_t bytes, char text[8]);

/* A name, or the number; good until the next call of the same function. */
const char *show_user(uid_t uid);
const char *show_group(gid_t gid);

/* / of a directory, @ of a link, * of a program, | of a pipe, = of a socket; or
 * nothing. */
const char *show_kind(mode_t mode);

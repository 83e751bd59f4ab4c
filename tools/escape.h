/*
 * The escapes of GNU's sed: \a \f \n \r \t \v, \cX, \dNNN, \oNNN and \xHH.
 */
#pragma once

/* The byte of the escape that goes on at *at, behind its backslash; *at moves
 * behind it.  -1: it is no such escape, and *at stays. */
int escape_byte(const char **at, const char *end);

/* Names and numbers of signals, for kill and timeout. */
#pragma once

/* INT, SIGINT or 2: the number; 0 is 0; -1: there is none. */
int signal_number(const char *word);
/* Without SIG; NULL: none. */
const char *signal_name(int number);

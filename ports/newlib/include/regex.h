/* newlib's does not say off_t by itself. */
#pragma once

#include <sys/types.h>
#include_next <regex.h>

/* The version of the whole system: uname's release, and nowhere else. */
#pragma once

#define VERSION "0.1.0"

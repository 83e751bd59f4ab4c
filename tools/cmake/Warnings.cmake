# The warnings that all of our own code compiles without.
set(PROCTOR_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wconversion
	-Wstrict-prototypes -Wmissing-prototypes -Wundef -Wvla -Wwrite-strings
	-Wcast-qual -Wimplicit-fallthrough -Wformat=2 -Werror)

/*
 * A program that the stress tests start: trace_helper COUNT calls getppid so
 * often.
 */
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	long count = argc > 1 ? strtol(argv[1], NULL, 10) : 1;

	while (count-- > 0)
		if (getppid() < 1)
			return 1;
	return 0;
}

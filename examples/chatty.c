/* A program to trace: prints to stdout three times, then to stderr, then once
 * more. */
#include <stdio.h>

int
main(void)
{
	for (int i = 1; i <= 3; i++) {
		printf("stdout, line %d\n", i);
		fflush(stdout);
	}
	fprintf(stderr, "stderr: you should not see this\n");
	printf("stdout, after stderr\n");
	return 0;
}

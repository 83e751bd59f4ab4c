/*
 * The main program of every test in C, and the words of its checks.
 *
 * Called by ctest (tests/unit) or by the runner in the guest (tests/boot) with
 * the name of one test; without a name it runs all of them, each in a child,
 * and prints TAP.
 */
#include "test.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

/* The linker's: all that TEST has put into the section. */
extern const struct test_case *const __start_test_cases[];
extern const struct test_case *const __stop_test_cases[];

_Noreturn void
test_fail(const char *file, int line, const char *format, ...)
{
	char text[2048];
	va_list args;
	int used;

	used = snprintf(text, sizeof text, "%s:%d: ", file, line);
	va_start(args, format);
	vsnprintf(text + used, sizeof text - (size_t)used, format, args);
	va_end(args);
	fflush(stdout);
	fprintf(stderr, "%s\n", text);
	fflush(stderr);
	_exit(1);
}

void
test_check_errno(const char *file, int line, const char *call, int number)
{
	int error = errno;

	if (error != number)
		test_fail(file, line, "%s failed with %d (%s), not %d (%s)",
			  call, error, strerror(error), number,
			  strerror(number));
}

long
test_size(long reduced, long full)
{
	return getenv("PROCTOR_SOAK") != NULL ? full : reduced;
}

static int
test_run_one(const char *name)
{
	const struct test_case *const *c;

	for (c = __start_test_cases; c < __stop_test_cases; c++)
		if (strcmp((*c)->name, name) == 0) {
			(*c)->run();
			return 0;
		}
	fprintf(stderr, "no such test: %s\n", name);
	return 2;
}

static int
test_run_child(const char *name)
{
	int status = -1;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (child == 0)
		exit(test_run_one(name));
	if (child < 0 || waitpid(child, &status, 0) != child)
		return -1;
	return status;
}

static int
test_run_all(void)
{
	const struct test_case *const *c;
	int number = 0, failed = 0;

	printf("1..%d\n", (int)(__stop_test_cases - __start_test_cases));
	for (c = __start_test_cases; c < __stop_test_cases; c++) {
		int status = test_run_child((*c)->name);

		failed += status != 0;
		printf("%sok %d - %s\n", status == 0 ? "" : "not ", ++number,
		       (*c)->name);
	}
	return failed != 0;
}

int
main(int argc, char **argv)
{
	return argc > 1 ? test_run_one(argv[1]) : test_run_all();
}

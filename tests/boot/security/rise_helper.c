/*
 * A program that the tests of rights give set-id bits: rise_helper [once].
 *
 * It tells on stdout who it is, then for each byte of stdin who its parent is.
 * once: it has a page at a place that nobody else uses, a descriptor 77, and
 * ends.
 */
#include <stdint.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGE ((void *)0x600000000000)

static int
tell(int64_t value)
{
	return write(1, &value, sizeof value) == sizeof value;
}

static int64_t
ids(void)
{
	return (int64_t)geteuid() | (int64_t)getegid() << 20 |
	       (int64_t)getauxval(AT_SECURE) << 40;
}

int
main(int argc, char **argv)
{
	char byte;

	(void)argv;
	if (argc > 1 && dup2(0, 77) < 0)
		return 1;
	if (argc > 1)
		return mmap(PAGE, 4096, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
			    0) != PAGE;
	if (!tell(ids()))
		return 1;
	while (read(0, &byte, 1) == 1)
		if (!tell(getppid()))
			return 1;
	return 0;
}

/* dmesg: what the kernel has said. */
#include "text.h"
#include "util.h"

#include <unistd.h>

int
main(int argc, char **argv)
{
	static char piece[16384];
	ssize_t n;
	int fd;

	(void)argc;
	util_start("dmesg", "usage: dmesg\n"
			    "Prints what the kernel has said: sys:/log.\n");
	if (util_option(argv, "") >= 0 || argv[optind] != NULL)
		util_usage();
	fd = text_open_fd("sys:/log");
	if (fd < 0)
		return util_status;
	while ((n = text_read(fd, piece, sizeof piece, "sys:/log")) > 0)
		text_put(piece, (size_t)n);
	return util_end();
}

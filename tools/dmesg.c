/*
 * dmesg: what the kernel has printed, from sys:/log.
 */
#include "text.h"
#include "util.h"

#include <unistd.h>

static const char dmesg_usage[] = "usage: dmesg\n"
				  "Prints what the kernel has printed.\n";

int
main(int argc, char **argv)
{
	static char piece[65536];
	ssize_t got;
	int fd;

	util_start("dmesg", dmesg_usage);
	util_option(argv, "");
	if (argc > optind)
		util_usage();
	fd = text_open_fd("sys:/log");
	if (fd < 0)
		return util_status;
	while (util_printed() &&
	       (got = text_read(fd, piece, sizeof piece, "sys:/log")) > 0)
		text_put(piece, (size_t)got);
	return util_end();
}

/*
 * poweroff, halt, reboot: ends the machine, or starts it again.
 *
 * One program under three names.  Files are in memory, so there is nothing to
 * write out first; what runs is not asked.
 */
#include "util.h"

#include <fcntl.h>
#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

static const char poweroff_usage[] =
	"usage: poweroff | halt | reboot\n"
	"Ends the machine at once; reboot starts it again.  Root only.\n";

/* For a guest of `proctor`: that this end is meant.  Nobody minds where there
 * is no host. */
static void
poweroff_tell_host(void)
{
	static const char verdict[] = "exit 0\n";
	int fd = open("host:/status", O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	if (write(fd, verdict, sizeof verdict - 1) < 0)
		util_fail("host:/status");
	close(fd);
}

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash != NULL ? slash + 1 : argv[0];
	bool again = strcmp(name, "reboot") == 0;

	util_trouble = 1;
	util_start(again ? "reboot" : name, poweroff_usage);
	util_option(argv, "");
	if (argc > optind)
		util_usage();
	if (geteuid() == 0)
		poweroff_tell_host();
	if (reboot(again ? REBOOT_RESTART : REBOOT_POWEROFF) < 0)
		util_die_of("reboot");
	return util_end();
}

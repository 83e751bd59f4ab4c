/* poweroff, reboot, halt: the end of the machine, by the name it is called. */
#include "util.h"

#include <string.h>
#include <sys/reboot.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	const char *slash = strrchr(argv[0], '/');
	const char *name = slash == NULL ? argv[0] : slash + 1;
	bool restart = strcmp(name, "reboot") == 0;

	(void)argc;
	util_start(restart ? "reboot" : "poweroff",
		   restart ? "usage: reboot\nStarts the machine again.\n"
			   : "usage: poweroff\nSwitches the machine off.\n");
	if (util_option(argv, "") >= 0 || argv[optind] != NULL)
		util_usage();
	reboot(restart ? REBOOT_RESTART : REBOOT_POWEROFF);
	util_die_of(restart ? "reboot" : "poweroff");
}

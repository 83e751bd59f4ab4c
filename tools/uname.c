/* uname [-asnrvm]: what this system is. */
#include "util.h"

#include <stdio.h>
#include <unistd.h>
#include <sys/utsname.h>

static const char uname_usage[] =
	"usage: uname [-asnrvm]\n"
	"Says what this system is: its name, or\n"
	"  -s, -n, -r, -v, -m  name, node, release, version, machine\n"
	"  -a                  all of them\n";

int
main(int argc, char **argv)
{
	struct utsname u;
	const char *words[5];
	bool wanted[5] = {false}, any = false;
	int c;
	size_t i;

	(void)argc;
	util_start("uname", uname_usage);
	while ((c = util_option(argv, "asnrvm")) >= 0)
		for (i = 0; i < 5; i++)
			if (c == 'a' || c == "snrvm"[i])
				any = wanted[i] = true;
	if (argv[optind] != NULL)
		util_usage();
	if (uname(&u) < 0)
		util_die_of("uname");
	words[0] = u.sysname;
	words[1] = u.nodename;
	words[2] = u.release;
	words[3] = u.version;
	words[4] = u.machine;
	wanted[0] |= !any;
	any = false;
	for (i = 0; i < 5; i++) {
		if (!wanted[i])
			continue;
		printf("%s%s", any ? " " : "", words[i]);
		any = true;
	}
	putchar('\n');
	return util_end();
}

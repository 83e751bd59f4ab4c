/*
 * uname [-asnrvm]: the system's name.
 */
#include "util.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static const char uname_usage[] =
	"usage: uname [-asnrvm]\n"
	"Prints the system's name.\n"
	"  -n  the machine's name\n"
	"  -r  the release\n"
	"  -v  the version\n"
	"  -m  the kind of machine\n"
	"  -s  the system's name, as without options\n"
	"  -a  all of them\n";

int
main(int argc, char **argv)
{
	static const char letters[] = "snrvm";
	struct utsname name;
	const char *const words[] = {name.sysname, name.nodename, name.release,
				     name.version, name.machine};
	bool wanted[5] = {false};
	const char *before = "";
	size_t i;
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("uname", uname_usage);
	wanted[0] = argc < 2;
	while ((c = util_option(argv, "asnrvm")) >= 0)
		for (i = 0; i < 5; i++)
			wanted[i] |= c == 'a' || c == letters[i];
	if (argv[optind] != NULL)
		util_usage();
	if (uname(&name) < 0)
		util_die_of("uname");
	for (i = 0; i < 5; i++)
		if (wanted[i]) {
			printf("%s%s", before, words[i]);
			before = " ";
		}
	putchar('\n');
	return util_end();
}

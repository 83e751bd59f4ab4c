/*
 * sed [-Enrsu] [-i[SUFFIX]] {SCRIPT | -e SCRIPT | -f FILE}... [FILE]...: edits
 * lines by a script.
 *
 * Options, and the cycle over the lines; see sed.h for the rest.
 */
#include "sed.h"
#include "text.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char sed_usage[] =
	"usage: sed [-Enrsu] [-i[SUFFIX]] {SCRIPT | -e SCRIPT | -f FILE}...\n"
	"\t[FILE]...\n"
	"Edits lines by a script and prints them.\n"
	"  -n      prints only what the script prints\n"
	"  -E, -r  extended patterns\n"
	"  -e, -f  a script, a file with one; may be repeated\n"
	"  -s      counts lines in each file anew; $ is the last of each\n"
	"  -i      the files become what is printed; the old ones stay as\n"
	"          FILE and SUFFIX\n"
	"  -u      accepted\n"
	"Commands: {} = a b c d D g G h H i l n N p P q Q r s t T w x y z : "
	"#\n";

/* -iSUFFIX: the suffix need not be there, so it is taken off first. */
static void
sed_take_suffix(char **argv)
{
	for (argv++; *argv != NULL && strcmp(*argv, "--") != 0; argv++)
		if (strncmp(*argv, "-i", 2) == 0) {
			sed_suffix = *argv + 2;
			*argv = util_copy("-i");
		}
}

static char *
sed_read_script(const char *name)
{
	struct sed_buffer script = {0};
	struct text t;

	if (!text_open(&t, name))
		exit(util_trouble);
	sed_put(&script, "", 0);
	while (text_line(&t)) {
		sed_put(&script, t.line, t.length);
		sed_put(&script, "\n", 1);
	}
	text_close(&t);
	return script.text;
}

/* Scripts are one text, so that an `a\` may end the first. */
static void
sed_add_script(struct sed_buffer *all, const char *script)
{
	if (all->size > 0 && all->text[all->size - 1] != '\n')
		sed_put(all, "\n", 1);
	sed_put(all, script, strlen(script));
}

int
main(int argc, char **argv)
{
	struct sed_buffer script = {0};
	bool any = false;
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("sed", sed_usage);
	sed_take_suffix(argv);
	sed_flags = PATTERN_ESCAPES;
	while ((c = util_option(argv, "nEre:f:siu")) >= 0) {
		sed_quiet |= c == 'n';
		sed_apart |= c == 's' || c == 'i';
		any |= c == 'e' || c == 'f';
		if (c == 'E' || c == 'r')
			sed_flags |= PATTERN_EXTENDED;
		else if (c == 'i' && sed_suffix == NULL)
			sed_suffix = "";
		else if (c == 'e' || c == 'f')
			sed_add_script(&script,
				       c == 'e' ? optarg
						: sed_read_script(optarg));
	}
	if (!any && argv[optind] == NULL)
		util_usage();
	if (!any)
		sed_add_script(&script, argv[optind++]);
	sed_files(argv + optind);
	sed_parse(script.text);
	sed_parse_end();
	while (sed_cycle())
		continue;
	sed_close();
	c = util_end();
	return sed_exit != 0 ? sed_exit : c;
}

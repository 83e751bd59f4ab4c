/*
 * cat [-u] [FILE]...: copies files, or its input, to its output.
 *
 * Bytes pass as they come, none is waited for, so -u is always so.  It also
 * shows the files of proc: and sys:.
 */
#include "util.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char cat_usage[] =
	"usage: cat [-u] [FILE]...\n"
	"Copies the files to stdout; stdin where there is none, or a -.\n"
	"  -u  at once, as it always does\n";

static void
cat_copy(int fd, const char *name)
{
	static char piece[65536];
	ssize_t got;

	while ((got = read(fd, piece, sizeof piece)) > 0)
		if (util_write(STDOUT_FILENO, piece, (size_t)got) < 0)
			util_die_of("stdout");
	if (got < 0)
		util_fail(name);
}

/* Is this the regular file that stdout adds to?  It would never end. */
static bool
cat_is_output(int fd)
{
	struct stat in, out;

	return fstat(fd, &in) == 0 && fstat(STDOUT_FILENO, &out) == 0 &&
	       S_ISREG(in.st_mode) && in.st_dev == out.st_dev &&
	       in.st_ino == out.st_ino && in.st_size > 0;
}

static void
cat_file(const char *name)
{
	bool input = strcmp(name, "-") == 0;
	int fd = input ? STDIN_FILENO : open(name, O_RDONLY);

	if (fd < 0)
		util_fail(name);
	else if (cat_is_output(fd))
		util_say("%s: is the output too", name);
	else
		cat_copy(fd, name);
	if (fd >= 0 && !input)
		close(fd);
}

int
main(int argc, char **argv)
{
	(void)argc;
	util_trouble = 1;
	util_start("cat", cat_usage);
	while (util_option(argv, "u") >= 0)
		continue;
	if (argv[optind] == NULL)
		cat_file("-");
	for (; argv[optind] != NULL; optind++)
		cat_file(argv[optind]);
	return util_end();
}

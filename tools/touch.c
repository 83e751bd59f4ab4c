/*
 * touch [-achm] [-r FILE | -t TIME | -d TIME] FILE...: sets a file's times;
 * makes it if it is not there.
 */
#include "util.h"
#include "when.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char touch_usage[] =
	"usage: touch [-achm] [-r FILE | -t TIME | -d TIME] FILE...\n"
	"Sets the times of files, makes those that are not there.\n"
	"  -a       only the time of access\n"
	"  -c       do not make a file\n"
	"  -d TIME  YYYY-MM-DDThh:mm:ss[.frac][Z], @SECONDS, or now\n"
	"  -h       of a link itself\n"
	"  -m       only the time of modification\n"
	"  -r FILE  to that file's times\n"
	"  -t TIME  [[CC]YY]MMDDhhmm[.ss]\n";

static bool touch_access, touch_modify, touch_old_only;
static int touch_flags;
static struct timespec touch_times[2];

static void
touch_set(int option, const char *value)
{
	struct timespec time = {.tv_nsec = UTIME_NOW};
	struct stat st;
	bool good = true;

	if (option == 'r') {
		if (stat(value, &st) < 0)
			util_die_of(value);
		touch_times[0] = st.st_atim;
		touch_times[1] = st.st_mtim;
		return;
	}
	if (option == 't')
		good = when_parse_stamp(value, &time);
	else if (strcmp(value, "now") != 0)
		good = when_parse(value, &time);
	if (!good)
		util_die("%s: not a time", value);
	touch_times[0] = touch_times[1] = time;
}

static void
touch_file(const char *path)
{
	int fd;

	if (utimensat(AT_FDCWD, path, touch_times, touch_flags) == 0)
		return;
	if (errno == ENOENT && touch_old_only)
		return;
	/* Of a link itself: what is not there is none. */
	if (errno != ENOENT || touch_flags != 0) {
		util_fail(path);
		return;
	}
	fd = open(path, O_WRONLY | O_CREAT, 0666);
	if (fd < 0 || futimens(fd, touch_times) < 0)
		util_fail(path);
	if (fd >= 0)
		close(fd);
}

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("touch", touch_usage);
	touch_times[0].tv_nsec = touch_times[1].tv_nsec = UTIME_NOW;
	while ((c = util_option(argv, "achmd:r:t:")) >= 0) {
		if (c == 'a')
			touch_access = true;
		else if (c == 'm')
			touch_modify = true;
		else if (c == 'c')
			touch_old_only = true;
		else if (c == 'h')
			touch_flags = AT_SYMLINK_NOFOLLOW;
		else
			touch_set(c, optarg);
	}
	if (argv[optind] == NULL)
		util_usage();
	if (touch_access && !touch_modify)
		touch_times[1].tv_nsec = UTIME_OMIT;
	if (touch_modify && !touch_access)
		touch_times[0].tv_nsec = UTIME_OMIT;
	for (; argv[optind] != NULL; optind++)
		touch_file(argv[optind]);
	return util_end();
}

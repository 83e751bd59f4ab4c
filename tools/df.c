/*
 * df [-hk] [FILE]...: how much each scheme holds, and may.
 *
 * Without a file all schemes that have a limit are shown: sys:/schemes names
 * them.
 */
#include "show.h"
#include "util.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

static const char df_usage[] =
	"usage: df [-hk] [FILE]...\n"
	"Prints how much space there is where the files are, or everywhere,\n"
	"in units of 1024 bytes.\n"
	"  -h  as 1.5K, 23M\n"
	"  -k  in units of 1024 bytes, as it does\n";

static bool df_human;

static void
df_amount(uint64_t blocks, uint64_t size, char text[24])
{
	if (df_human)
		show_human(blocks * size, text);
	else
		snprintf(text, 24, "%" PRIu64, (blocks * size + 1023) / 1024);
}

static void
df_print(const char *scheme, const struct statvfs *space)
{
	uint64_t used = space->f_blocks - space->f_bfree;
	uint64_t may = used + space->f_bavail;
	char total[24], taken[24], left[24];

	df_amount(space->f_blocks, space->f_frsize, total);
	df_amount(used, space->f_frsize, taken);
	df_amount(space->f_bavail, space->f_frsize, left);
	printf("%-10s %10s %10s %10s %7" PRIu64 "%% %s/\n", scheme, total,
	       taken, left, may > 0 ? (used * 100 + may - 1) / may : 0, scheme);
}

/* `file:` of a plain path, else what stands before the colon. */
static void
df_scheme(const char *path, char *scheme, size_t size)
{
	size_t n = strspn(path, "abcdefghijklmnopqrstuvwxyz0123456789");

	if (n == 0 || path[n] != ':')
		snprintf(scheme, size, "file:");
	else
		snprintf(scheme, size, "%.*s:", (int)n, path);
}

static void
df_file(const char *path)
{
	struct statvfs space;
	char full[4096], scheme[64];
	bool relative = *path != '/' && strchr(path, ':') == NULL;

	if (statvfs(path, &space) < 0) {
		util_fail(path);
		return;
	}
	df_scheme(relative && getcwd(full, sizeof full) != NULL ? full : path,
		  scheme, sizeof scheme);
	df_print(scheme, &space);
}

static void
df_all(void)
{
	FILE *schemes = fopen("sys:/schemes", "r");
	char line[128], root[130];
	struct statvfs space;

	if (schemes == NULL)
		util_die_of("sys:/schemes");
	while (fgets(line, sizeof line, schemes) != NULL) {
		line[strcspn(line, " :\n")] = '\0';
		snprintf(root, sizeof root, "%s:", line);
		if (statvfs(root, &space) == 0)
			df_print(root, &space);
		else if (errno != ENOSYS && errno != ENOENT && errno != EACCES)
			util_fail(root);
	}
	fclose(schemes);
}

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("df", df_usage);
	while ((c = util_option(argv, "hk")) >= 0)
		df_human |= c == 'h';
	printf("%-10s %10s %10s %10s %8s %s\n", "Filesystem",
	       df_human ? "Size" : "1024-blocks", "Used", "Available",
	       "Capacity", "Mounted on");
	if (argv[optind] == NULL)
		df_all();
	for (; argv[optind] != NULL; optind++)
		df_file(argv[optind]);
	return util_end();
}

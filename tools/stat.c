/*
 * stat [-L] [-c FORMAT] FILE...: what the system says of files.
 *
 * The sequences of a format are rows of stat_rows; without -c the format is
 * stat_whole.
 */
#include "show.h"
#include "util.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char stat_usage[] =
	"usage: stat [-L] [-c FORMAT] FILE...\n"
	"Prints what the system says of files.\n"
	"  -L         of what a link leads to\n"
	"  -c FORMAT  a line of it: %a %A mode, %b %B blocks, %d device,\n"
	"             %f mode in hexadecimal, %F kind, %g %G group, %h links,\n"
	"             %i number, %n %N name, %o best size to read, %s size,\n"
	"             %u %U owner, %x %X access, %y %Y modification,\n"
	"             %z %Z change, %% a percent sign\n";

static const char stat_whole[] =
	"  File: %N\n"
	"  Size: %s\tBlocks: %b\tIO Block: %o\t%F\n"
	"Device: %d\tInode: %i\tLinks: %h\n"
	"Access: (0%a/%A)\tUid: (%u/%U)\tGid: (%g/%G)\n"
	"Access: %x\n"
	"Modify: %y\n"
	"Change: %z";

struct stat_file {
	const char *name;
	struct stat st;
};

static const char *
stat_kind(const struct stat *st)
{
	if (S_ISDIR(st->st_mode))
		return "directory";
	if (S_ISLNK(st->st_mode))
		return "symbolic link";
	if (S_ISFIFO(st->st_mode))
		return "fifo";
	if (S_ISCHR(st->st_mode))
		return "character special file";
	if (S_ISBLK(st->st_mode))
		return "block special file";
	if (S_ISSOCK(st->st_mode))
		return "socket";
	return st->st_size > 0 ? "regular file" : "regular empty file";
}

static void
stat_put_link(const struct stat_file *file)
{
	char target[PATH_MAX];
	ssize_t length;

	printf("'%s'", file->name);
	if (!S_ISLNK(file->st.st_mode))
		return;
	length = readlink(file->name, target, sizeof target);
	if (length >= 0)
		printf(" -> '%.*s'", (int)length, target);
}

static void
stat_put_time(const struct timespec *time)
{
	char text[64] = "?", zone[16] = "";
	struct tm *tm = localtime(&time->tv_sec);

	if (tm != NULL) {
		strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", tm);
		strftime(zone, sizeof zone, "%z", tm);
	}
	printf("%s.%09ld %s", text, time->tv_nsec, zone);
}

static void
stat_put_mode(const struct stat *st)
{
	char text[11];

	show_mode(st->st_mode, text);
	fputs(text, stdout);
}

/* A sequence that is a number; false: it is none. */
static bool
stat_put_number(char letter, const struct stat *st)
{
	const struct {
		char letter, base;
		unsigned long long value;
	} rows[] = {
		{'a', 'o', st->st_mode & 07777},
		{'b', 'd', (unsigned long long)st->st_blocks},
		{'B', 'd', 512},
		{'d', 'd', (unsigned long long)st->st_dev},
		{'f', 'x', st->st_mode},
		{'g', 'd', st->st_gid},
		{'h', 'd', (unsigned long long)st->st_nlink},
		{'i', 'd', (unsigned long long)st->st_ino},
		{'o', 'd', (unsigned long long)st->st_blksize},
		{'s', 'd', (unsigned long long)st->st_size},
		{'u', 'd', st->st_uid},
		{'X', 'd', (unsigned long long)st->st_atim.tv_sec},
		{'Y', 'd', (unsigned long long)st->st_mtim.tv_sec},
		{'Z', 'd', (unsigned long long)st->st_ctim.tv_sec},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].letter == letter)
			break;
	if (i == sizeof rows / sizeof *rows)
		return false;
	if (rows[i].base == 'd')
		printf("%lld", (long long)rows[i].value);
	else
		printf(rows[i].base == 'o' ? "%llo" : "%llx", rows[i].value);
	return true;
}

/* false: there is no such sequence. */
static bool
stat_put(char letter, const struct stat_file *file)
{
	const struct stat *st = &file->st;

	switch (letter) {
	case '%':
		putchar('%');
		return true;
	case 'A':
		stat_put_mode(st);
		return true;
	case 'F':
		fputs(stat_kind(st), stdout);
		return true;
	case 'G':
		fputs(show_group(st->st_gid), stdout);
		return true;
	case 'U':
		fputs(show_user(st->st_uid), stdout);
		return true;
	case 'n':
		fputs(file->name, stdout);
		return true;
	case 'N':
		stat_put_link(file);
		return true;
	case 'x':
		stat_put_time(&st->st_atim);
		return true;
	case 'y':
		stat_put_time(&st->st_mtim);
		return true;
	case 'z':
		stat_put_time(&st->st_ctim);
		return true;
	default:
		return stat_put_number(letter, st);
	}
}

static void
stat_print(const char *format, const struct stat_file *file)
{
	for (; *format != '\0'; format++) {
		if (*format != '%')
			putchar(*format);
		else if (format[1] == '\0' || !stat_put(*++format, file))
			util_die("%%%c: no such sequence", *format);
	}
	putchar('\n');
}

int
main(int argc, char **argv)
{
	const char *format = stat_whole;
	bool follow = false;
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("stat", stat_usage);
	while ((c = util_option(argv, "Lc:")) >= 0) {
		if (c == 'L')
			follow = true;
		else
			format = optarg;
	}
	if (argv[optind] == NULL)
		util_usage();
	for (; argv[optind] != NULL; optind++) {
		struct stat_file file = {.name = argv[optind]};
		int error = follow ? stat(file.name, &file.st)
				   : lstat(file.name, &file.st);

		if (error < 0)
			util_fail(file.name);
		else
			stat_print(format, &file);
	}
	return util_end();
}

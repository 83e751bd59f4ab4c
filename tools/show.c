/* What of a file is shown as text: see show.h. */
#include "show.h"

#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static char
show_type(mode_t mode)
{
	static const struct {
		mode_t type;
		char letter;
	} types[] = {{S_IFDIR, 'd'}, {S_IFLNK, 'l'}, {S_IFCHR, 'c'},
		     {S_IFBLK, 'b'}, {S_IFIFO, 'p'}, {S_IFSOCK, 's'}};
	size_t i;

	for (i = 0; i < sizeof types / sizeof *types; i++)
		if ((mode & S_IFMT) == types[i].type)
			return types[i].letter;
	return '-';
}

static void
show_set_id(char *x, bool set, char letter)
{
	if (set)
		*x = (char)(*x == 'x' ? letter : letter - 'a' + 'A');
}

void
show_mode(mode_t mode, char text[11])
{
	static const char letters[] = "rwxrwxrwx";
	int i;

	text[0] = show_type(mode);
	for (i = 0; i < 9; i++)
		text[i + 1] = mode >> (8 - i) & 1 ? letters[i] : '-';
	show_set_id(&text[3], mode & S_ISUID, 's');
	show_set_id(&text[6], mode & S_ISGID, 's');
	show_set_id(&text[9], mode & S_ISVTX, 't');
	text[10] = '\0';
}

void
show_human(uint64_t bytes, char text[8])
{
	static const char units[] = "KMGTPE";
	uint64_t unit = 1, tenths, whole;
	size_t i = 0;

	if (bytes < 1024) {
		snprintf(text, 8, "%u", (unsigned)bytes);
		return;
	}
	for (unit = 1024; bytes / unit >= 1024; unit *= 1024)
		i++;
	whole = bytes / unit + (bytes % unit != 0);
	tenths = bytes / unit * 10 + (bytes % unit * 10 + unit - 1) / unit;
	if (whole == 1024) {
		tenths = 10;
		i++;
	}
	if (tenths < 100)
		snprintf(text, 8, "%u.%u%c", (unsigned)(tenths / 10),
			 (unsigned)(tenths % 10), units[i]);
	else
		snprintf(text, 8, "%u%c", (unsigned)whole, units[i]);
}

/* The last one asked for is kept: most files of a directory are of one. */
const char *
show_user(uid_t uid)
{
	static char name[64];
	static uid_t last;
	const struct passwd *user;

	if (*name != '\0' && uid == last)
		return name;
	user = getpwuid(uid);
	last = uid;
	if (user != NULL)
		snprintf(name, sizeof name, "%s", user->pw_name);
	else
		snprintf(name, sizeof name, "%lu", (unsigned long)uid);
	return name;
}

const char *
show_group(gid_t gid)
{
	static char name[64];
	static gid_t last;
	const struct group *group;

	if (*name != '\0' && gid == last)
		return name;
	group = getgrgid(gid);
	last = gid;
	if (group != NULL)
		snprintf(name, sizeof name, "%s", group->gr_name);
	else
		snprintf(name, sizeof name, "%lu", (unsigned long)gid);
	return name;
}

const char *
show_kind(mode_t mode)
{
	if (S_ISDIR(mode))
		return "/";
	if (S_ISLNK(mode))
		return "@";
	if (S_ISFIFO(mode))
		return "|";
	if (S_ISSOCK(mode))
		return "=";
	return S_ISREG(mode) && (mode & 0111) ? "*" : "";
}

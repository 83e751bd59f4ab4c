/*
 * Groups, as /etc/group has them: `name:password:gid:member,member`.
 *
 * What is given lasts until the next call; lines of another form are passed
 * over.
 */
#include <grp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glue.h"

#define GROUP_MEMBERS 64

static FILE *group_file;
static char group_line[1024];
static char *group_members[GROUP_MEMBERS + 1];
static struct group group_found;

void
endgrent(void)
{
	if (group_file)
		fclose(group_file);
	group_file = NULL;
}

void
setgrent(void)
{
	endgrent();
	group_file = fopen("/etc/group", "re");
}

static void
group_take_members(char *list)
{
	int count = 0;
	char *name;

	while ((name = strsep(&list, ",")) != NULL && count < GROUP_MEMBERS)
		if (*name)
			group_members[count++] = name;
	group_members[count] = NULL;
}

/* 0, or -1: the line is no group's. */
static int
group_parse(char *line)
{
	char *rest = line, *number, *end;

	line[strcspn(line, "\n")] = '\0';
	group_found.gr_name = strsep(&rest, ":");
	group_found.gr_passwd = strsep(&rest, ":");
	number = strsep(&rest, ":");
	if (!rest || !*number)
		return -1;
	group_found.gr_gid = (gid_t)strtoul(number, &end, 10);
	group_take_members(rest);
	group_found.gr_mem = group_members;
	return *end ? -1 : 0;
}

struct group *
getgrent(void)
{
	if (!group_file)
		setgrent();
	while (group_file && fgets(group_line, sizeof(group_line), group_file))
		if (group_parse(group_line) == 0)
			return &group_found;
	return NULL;
}

struct group *
getgrnam(const char *name)
{
	struct group *group;

	setgrent();
	while ((group = getgrent()) != NULL && strcmp(group->gr_name, name))
		continue;
	endgrent();
	return group;
}

struct group *
getgrgid(gid_t gid)
{
	struct group *group;

	setgrent();
	while ((group = getgrent()) != NULL && group->gr_gid != gid)
		continue;
	endgrent();
	return group;
}

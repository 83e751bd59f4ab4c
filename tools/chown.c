/*
 * chown [-hR] OWNER[:GROUP] FILE...: changes whose files are.
 *
 * Names are looked up in /etc/passwd and /etc/group; a number is an id.  With
 * -R links themselves are changed.
 */
#include "names.h"
#include "util.h"
#include "walk.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char chown_usage[] =
	"usage: chown [-hR] OWNER[:GROUP] FILE...\n"
	"Changes the owner, or with :GROUP alone the group; names or ids.\n"
	"  -h  of a link itself\n"
	"  -R  of all that is in directories too\n";

static bool chown_tree, chown_link;
static uid_t chown_uid = (uid_t)-1;
static gid_t chown_gid = (gid_t)-1;

static bool
chown_visit(const struct walk_item *item, void *arg)
{
	(void)arg;
	if (lchown(item->path, chown_uid, chown_gid) < 0)
		util_fail(item->path);
	return chown_tree;
}

static void
chown_file(const char *path)
{
	static const struct walk how = {.visit = chown_visit};

	if (chown_tree || chown_link)
		walk(&how, path);
	else if (chown(path, chown_uid, chown_gid) < 0)
		util_fail(path);
}

/* Ends the owner at its colon; returns the group, or NULL.  OWNER.GROUP is an
 * old way to write it, unless that is a user's name. */
static char *
chown_split(char *owner)
{
	char *group = strchr(owner, ':');

	if (group == NULL && getpwnam(owner) == NULL) {
		group = strchr(owner, '.');
		if (group != NULL)
			fprintf(stderr, "%s: %s: '.' should be ':'\n",
				util_name, owner);
	}
	if (group != NULL)
		*group++ = '\0';
	return group;
}

static void
chown_parse(char *owner)
{
	char *group = chown_split(owner);

	if (*owner != '\0' && !names_user(owner, &chown_uid))
		util_die("%s: no such user", owner);
	if (group != NULL && *group != '\0' && !names_group(group, &chown_gid))
		util_die("%s: no such group", group);
}

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("chown", chown_usage);
	while ((c = util_option(argv, "hR")) >= 0) {
		chown_tree |= c == 'R';
		chown_link |= c == 'h';
	}
	if (argv[optind] == NULL || argv[optind + 1] == NULL)
		util_usage();
	chown_parse(argv[optind]);
	while (argv[++optind] != NULL)
		chown_file(argv[optind]);
	return util_end();
}

/*
 * id [-ugGnr] [USER]: who one is.
 *
 * A process has one group here, so -G is that one; of a USER it is what the
 * files in /etc say.
 */
#include "names.h"
#include "util.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static const char id_usage[] =
	"usage: id [-u | -g | -G] [-nr] [USER]\n"
	"Prints the ids of this process, or of USER, a name or a\n"
	"number.\n"
	"  -u  the user's alone\n"
	"  -g  the group's alone; -G all groups\n"
	"  -n  the name instead of the number\n"
	"  -r  the real one, not the effective one\n";

struct id {
	uid_t uid, euid;
	gid_t gid, egid;
};

static const char *
id_user_name(uid_t uid)
{
	const struct passwd *user = getpwuid(uid);

	return user != NULL ? user->pw_name : NULL;
}

static const char *
id_group_name(gid_t gid)
{
	const struct group *group = getgrgid(gid);

	return group != NULL ? group->gr_name : NULL;
}

static void
id_print_one(unsigned id, const char *name, bool named)
{
	if (!named)
		printf("%u\n", id);
	else if (name != NULL)
		puts(name);
	else
		util_say("%u: has no name", id), printf("%u\n", id);
}

static void
id_print(const char *key, unsigned id, const char *name)
{
	printf("%s=%u", key, id);
	if (name != NULL)
		printf("(%s)", name);
}

static void
id_print_all(const struct id *id)
{
	id_print("uid", id->uid, id_user_name(id->uid));
	id_print(" gid", id->gid, id_group_name(id->gid));
	if (id->euid != id->uid)
		id_print(" euid", id->euid, id_user_name(id->euid));
	if (id->egid != id->gid)
		id_print(" egid", id->egid, id_group_name(id->egid));
	id_print(" groups", id->egid, id_group_name(id->egid));
	putchar('\n');
}

/* By its name, else by its number; NULL: there is no such user. */
static const struct passwd *
id_find(const char *word)
{
	const struct passwd *user = getpwnam(word);
	uid_t uid;

	if (user == NULL && names_user(word, &uid))
		user = getpwuid(uid);
	return user;
}

int
main(int argc, char **argv)
{
	struct id id = {getuid(), geteuid(), getgid(), getegid()};
	const struct passwd *user;
	bool named = false, real = false;
	int c, what = 0;

	util_trouble = 1;
	util_start("id", id_usage);
	while ((c = util_option(argv, "ugGnr")) >= 0) {
		named |= c == 'n';
		real |= c == 'r';
		if (c != 'n' && c != 'r')
			what = c;
	}
	if (argc - optind > 1 || (what == 0 && (named || real)))
		util_usage();
	if (argc > optind) {
		user = id_find(argv[optind]);
		if (user == NULL)
			util_die("%s: no such user", argv[optind]);
		id.uid = id.euid = user->pw_uid;
		id.gid = id.egid = user->pw_gid;
	}
	if (real) {
		id.euid = id.uid;
		id.egid = id.gid;
	}
	if (what == 0)
		id_print_all(&id);
	else if (what == 'u')
		id_print_one(id.euid, id_user_name(id.euid), named);
	else
		id_print_one(id.egid, id_group_name(id.egid), named);
	return util_end();
}

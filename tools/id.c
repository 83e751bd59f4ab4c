/* id [-gnu]: who runs this. */
#include "util.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <unistd.h>

static const char id_usage[] =
	"usage: id [-u | -g] [-nr]\n"
	"Says who runs this.\n"
	"  -u, -g  the user, the group alone\n"
	"  -n      its name\n"
	"  -r      the real one, not the effective one\n";

static const char *
user_name(uid_t uid)
{
	const struct passwd *entry = getpwuid(uid);

	return entry == NULL ? NULL : entry->pw_name;
}

static const char *
group_name(gid_t gid)
{
	const struct group *entry = getgrgid(gid);

	return entry == NULL ? NULL : entry->gr_name;
}

static void
id_one(unsigned number, const char *name, bool named)
{
	if (named && name != NULL)
		printf("%s\n", name);
	else
		printf("%u\n", number);
}

static void
id_pair(const char *what, unsigned number, const char *name)
{
	printf("%s=%u", what, number);
	if (name != NULL)
		printf("(%s)", name);
}

static void
id_all(void)
{
	id_pair("uid", getuid(), user_name(getuid()));
	id_pair(" gid", getgid(), group_name(getgid()));
	if (geteuid() != getuid())
		id_pair(" euid", geteuid(), user_name(geteuid()));
	if (getegid() != getgid())
		id_pair(" egid", getegid(), group_name(getegid()));
	putchar('\n');
}

int
main(int argc, char **argv)
{
	bool named = false, real = false;
	int c, which = 0;

	(void)argc;
	util_start("id", id_usage);
	while ((c = util_option(argv, "ugnr")) >= 0) {
		named |= c == 'n';
		real |= c == 'r';
		if (c == 'u' || c == 'g')
			which = c;
	}
	if (argv[optind] != NULL || (which == 0 && (named || real)))
		util_usage();
	if (which == 'u') {
		uid_t uid = real ? getuid() : geteuid();

		id_one(uid, user_name(uid), named);
	} else if (which == 'g') {
		gid_t gid = real ? getgid() : getegid();

		id_one(gid, group_name(gid), named);
	} else {
		id_all();
	}
	return util_end();
}

/*
 * su [-] [-c COMMAND] [USER [ARGUMENT]...]: a shell as another user.
 *
 * There are no passwords here: root may become anybody, others nobody; the
 * kernel decides (setuid).
 */
#include "util.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char su_usage[] =
	"usage: su [-] [-c COMMAND] [USER [ARGUMENT]...]\n"
	"Starts a shell as USER (root).  Only root may become another user.\n"
	"  -, -l       a login shell, in the user's directory\n"
	"  -c COMMAND  the shell runs this\n";

static void
su_set(const char *name, const char *value)
{
	if (setenv(name, value, 1) < 0)
		util_die_of(name);
}

static void
su_become(const struct passwd *user)
{
	if (setgid(user->pw_gid) < 0 || setuid(user->pw_uid) < 0)
		util_die_of(user->pw_name);
	su_set("HOME", user->pw_dir);
	su_set("USER", user->pw_name);
	su_set("LOGNAME", user->pw_name);
}

/* The shell, its options and what else was given. */
static char **
su_words(char *command, bool login, char **rest)
{
	static char letter[] = "-c", sh[] = "sh", login_sh[] = "-sh";
	size_t count = 0, at = 0;
	char **words;

	while (rest[count] != NULL)
		count++;
	words = util_alloc((count + 4) * sizeof *words);
	words[at++] = login ? login_sh : sh;
	if (command != NULL) {
		words[at++] = letter;
		words[at++] = command;
	}
	memcpy(words + at, rest, (count + 1) * sizeof *words);
	return words;
}

int
main(int argc, char **argv)
{
	char *command = NULL;
	const char *name = "root";
	struct passwd *user;
	bool login = false;
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("su", su_usage);
	while ((c = util_option(argv, "lc:")) >= 0) {
		login |= c == 'l';
		command = c == 'c' ? optarg : command;
	}
	argv += optind;
	if (*argv != NULL && strcmp(*argv, "-") == 0)
		login = true, argv++;
	if (*argv != NULL)
		name = *argv++;
	user = getpwnam(name);
	if (user == NULL)
		util_die("%s: no such user", name);
	su_become(user);
	if (login && chdir(user->pw_dir) < 0)
		util_fail(user->pw_dir);
	execv(user->pw_shell, su_words(command, login, argv));
	util_fail(user->pw_shell);
	return errno == ENOENT ? 127 : 126;
}

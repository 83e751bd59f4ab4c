/*
 * su [-] [-c COMMAND] [USER [ARGUMENT]...]: a shell as another user.
 *
 * Set-uid root, so what it does before su_become is done with every right, and
 * for whoever asks: it opens /etc/passwd and nothing else, and takes nothing
 * from the environment but TERM.  Root may become anybody; others whom the
 * second field of /etc/passwd lets in without a password, for none is known
 * here.
 */
#include "util.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SU_SHELL "/bin/sh"
#define SU_PATH	 "/bin"
#define SU_ENV	 "/etc/shrc"

static const char su_usage[] =
	"usage: su [-] [-c COMMAND] [USER [ARGUMENT]...]\n"
	"Starts a shell as USER (root).  Root may become anybody, others\n"
	"whose password in /etc/passwd is empty.\n"
	"  -, -l       a login shell, in the user's directory, with an\n"
	"              environment of its own\n"
	"  -c COMMAND  the shell runs this\n";

static void
su_set(const char *name, const char *value)
{
	if (setenv(name, value, 1) < 0)
		util_die_of(name);
}

static const char *
su_shell(const struct passwd *user)
{
	return *user->pw_shell != '\0' ? user->pw_shell : SU_SHELL;
}

/* The real id says who asks: the effective one is root's for everybody. */
static void
su_ask(const struct passwd *user)
{
	if (getuid() != 0 && *user->pw_passwd != '\0')
		util_die("%s: only root may become this user", user->pw_name);
}

/* The group first, while the right to it is there; and nothing is left by which
 * the way back would be open. */
static void
su_become(const struct passwd *user)
{
	uid_t uid[3];
	gid_t gid[3];

	if (setresgid(user->pw_gid, user->pw_gid, user->pw_gid) < 0 ||
	    setresuid(user->pw_uid, user->pw_uid, user->pw_uid) < 0 ||
	    getresgid(&gid[0], &gid[1], &gid[2]) < 0 ||
	    getresuid(&uid[0], &uid[1], &uid[2]) < 0)
		util_die_of(user->pw_name);
	for (int i = 0; i < 3; i++)
		if (uid[i] != user->pw_uid || gid[i] != user->pw_gid)
			util_die("%s: the ids are not those of the user",
				 user->pw_name);
}

/* Of a login shell nothing is the caller's but the terminal's name. */
static void
su_environment(const struct passwd *user, bool login)
{
	static char *none[] = {NULL};
	const char *term = getenv("TERM");

	if (login) {
		environ = none;
		su_set("PATH", SU_PATH);
		su_set("ENV", SU_ENV);
		if (term != NULL)
			su_set("TERM", term);
	}
	su_set("HOME", user->pw_dir);
	su_set("SHELL", su_shell(user));
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
	su_ask(user);
	su_become(user);
	su_environment(user, login);
	if (login && chdir(user->pw_dir) < 0)
		util_fail(user->pw_dir);
	execv(su_shell(user), su_words(command, login, argv));
	util_fail(su_shell(user));
	return errno == ENOENT ? 127 : 126;
}

/*
 * su [-] [-c COMMAND] [USER [ARG]...]: a shell as another user.
 *
 * There are no passwords here: only root may become somebody else.
 */
#include "util.h"

#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char su_usage[] =
	"usage: su [-] [-c COMMAND] [USER [ARG]...]\n"
	"Starts a shell as USER, else root.  There are no passwords: only "
	"root\n"
	"may become somebody else.\n"
	"  -, -l       as if logged in: home directory, fresh environment\n"
	"  -c COMMAND  runs it in the shell\n";

extern char **environ;

static void
su_become(const struct passwd *user)
{
	if (setgid(user->pw_gid) < 0 || setuid(user->pw_uid) < 0)
		util_die_of(user->pw_name);
}

static void
su_environment(const struct passwd *user, const char *shell, bool login)
{
	static char *nothing[] = {NULL};
	const char *term = getenv("TERM");

	if (login) {
		environ = nothing;
		setenv("PATH", "/bin", 1);
		if (term != NULL)
			setenv("TERM", term, 1);
		if (chdir(user->pw_dir) < 0)
			util_fail(user->pw_dir);
	}
	setenv("HOME", user->pw_dir, 1);
	setenv("SHELL", shell, 1);
	setenv("USER", user->pw_name, 1);
	setenv("LOGNAME", user->pw_name, 1);
}

int
main(int argc, char **argv)
{
	const char *name = "root", *command = NULL, *shell;
	const struct passwd *user;
	bool login = false;
	char **words;
	size_t n = 0;
	int c;

	util_start("su", su_usage);
	util_trouble = 1;
	while ((c = util_option(argv, "+lc:")) >= 0) {
		login |= c == 'l';
		if (c == 'c')
			command = optarg;
	}
	if (argv[optind] != NULL && strcmp(argv[optind], "-") == 0) {
		login = true;
		optind++;
	}
	if (argv[optind] != NULL)
		name = argv[optind++];
	user = getpwnam(name);
	if (user == NULL)
		util_die("%s: no such user", name);
	shell = *user->pw_shell == '\0' ? "/bin/sh" : user->pw_shell;
	words = util_alloc(((size_t)argc + 4) * sizeof *words);
	words[n++] = util_copy(login ? "-su" : "su");
	if (command != NULL) {
		words[n++] = util_copy("-c");
		words[n++] = util_copy(command);
	}
	while (argv[optind] != NULL)
		words[n++] = argv[optind++];
	words[n] = NULL;
	su_become(user);
	su_environment(user, shell, login);
	execv(shell, words);
	util_die_of(shell);
}

/*
 * The login shell: dash on the console, after a banner with what to try.
 *
 * Called by init_demo.c.  Who leaves the shell, by ^D or `exit`, is done with
 * the machine; a shell that is killed is started again on a terminal made sane.
 */
#include "init.h"

#include <stdio.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

enum { SHELL_FAILED = 125 };

static char shell_name[] = "-sh";
static char shell_path[] = "PATH=/bin", shell_home[] = "HOME=/root";
static char shell_user[] = "USER=root", shell_logname[] = "LOGNAME=root";
static char shell_self[] = "SHELL=/bin/sh", shell_env[] = "ENV=/etc/shrc";
static char shell_term[] = "TERM=xterm", shell_prompt[] = "PS1=$PWD $ ";

static const char shell_banner[] =
	"\n"
	"The shell, with history and TAB.  Three things to try:\n"
	"\n"
	"  sh -c 'while sleep 1; do date; done' >/dev/null &\n"
	"  cat proc:/$!/status proc:/$!/maps\n"
	"\n"
	"  exec 3<>proc:/$!/trace\n"
	"  echo 'on enter * hold' >&3\n"
	"  while read -r seq who how ev call rest <&3; do "
	"echo \"$who wants $call\"; done\n"
	"  (each turn lets it go on to its next call; ^C leaves the loop, "
	"exec 3>&- lets it run)\n"
	"\n"
	"  cd proc:/$$; ls; cat regs\n"
	"\n"
	"`help` says where to begin; ^D or `exit` powers off.\n\n";

/* What the dead shell, or a program under it, may have left. */
static void
shell_mend(int console, const struct termios *sane)
{
	if (tcsetattr(console, TCSAFLUSH, sane) < 0)
		perror("init: tty:/console");
}

static int
shell_login(int console)
{
	char *argv[] = {shell_name, NULL};
	char *env[] = {shell_path,    shell_home,   shell_user,
		       shell_logname, shell_self,   shell_env,
		       shell_term,    shell_prompt, NULL};
	struct init_command c = {.argv = argv,
				 .env = env,
				 .path = "/bin/sh",
				 .cwd = "/root",
				 .stdio = {console, console, console}};

	return init_spawn_wait(&c);
}

int
init_shell(int console)
{
	struct termios sane;
	int status;

	if (tcgetattr(console, &sane) < 0) {
		perror("init: tty:/console");
		return SHELL_FAILED;
	}
	dprintf(console, "%s", shell_banner);
	status = shell_login(console);
	while (status >= 0 && WIFSIGNALED(status)) {
		shell_mend(console, &sane);
		dprintf(console,
			"\ninit: the shell was killed (signal %d); "
			"here is another\n",
			WTERMSIG(status));
		status = shell_login(console);
	}
	return status < 0 ? SHELL_FAILED : 0;
}

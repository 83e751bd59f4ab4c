/*
 * help: says where to begin.
 */
#include "util.h"

#include <stdio.h>
#include <unistd.h>

static const char help_usage[] = "usage: help\n"
				 "Says where to begin.\n";

static const char help_text[] =
	"A process is a directory of files here; open `trace` and you trace "
	"it.\n"
	"\n"
	"  ls proc:/                      the processes; cat "
	"proc:/self/status\n"
	"  ps -ef                         all of them in a table\n"
	"  ptree, pgrep, pmap, pfiles, pargs, pwdx, psig, pflags\n"
	"                                 more of them, each a short script\n"
	"  pstop, prun, pwait, pkill, broke\n"
	"                                 hold them, wait, kill; what lets go\n"
	"  deny-stderr lua -e 'print(1) io.stderr:write(2)'\n"
	"                                 a program that may not write to "
	"stderr\n"
	"\n"
	"Trace a process by hand:\n"
	"\n"
	"  sh -c 'while sleep 1; do date; done' >/dev/null &\n"
	"  exec 3<>proc:/$!/trace         attaches\n"
	"  echo 'on enter * hold' >&3     holds it at each call\n"
	"  head -n 1 <&3                  the next event; each read lets it go "
	"on\n"
	"  exec 3>&-                      lets it go for good\n"
	"  kill $!\n"
	"\n"
	"  man proc                       all about these files\n"
	"  man -k                         every page; man -k file: those about "
	"files\n"
	"  NAME --help                    what a program can do; most know "
	"it\n"
	"  poweroff                       ends the machine\n";

int
main(int argc, char **argv)
{
	util_start("help", help_usage);
	util_option(argv, "");
	if (argc > optind)
		util_usage();
	fputs(help_text, stdout);
	return util_end();
}

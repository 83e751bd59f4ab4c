/*
 * script MARK CMD [ARG]... [MARK CMD [ARG]...]...: runs commands one after
 * another for the transcripts.
 *
 * Started by tests/docs/transcripts as the job of one boot.  stdout and stderr
 * of a command are one file, as they are on a terminal; after it comes a line
 * `MARK status N`, on a line of its own.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t
script_start(char **argv)
{
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	dup2(STDOUT_FILENO, STDERR_FILENO);
	execvp(argv[0], argv);
	perror(argv[0]);
	_exit(127);
}

static void
script_run(const char *mark, char **argv)
{
	int status = 0;
	pid_t pid = script_start(argv);

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		perror("script");
	printf("\n%s status %d\n", mark,
	       WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status));
	fflush(stdout);
}

int
main(int argc, char **argv)
{
	const char *mark = argc > 1 ? argv[1] : "";
	int at = 2, end;

	while (at < argc) {
		for (end = at; end < argc && strcmp(argv[end], mark) != 0;
		     end++)
			continue;
		argv[end] = NULL;
		script_run(mark, argv + at);
		at = end + 1;
	}
	return 0;
}

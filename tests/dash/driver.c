/*
 * driver SHELL FOLDER [TERMINAL]: runs shell scripts, each as if it were alone.
 *
 * For each folder in FOLDER, in order: SHELL with the words of its `args`, or
 * `./s`, in its folder `w`, output to `out` and `err`, the end to `status`.
 * tests/dash/compare compiles it for the host and for the guest, so that both
 * shells find the same.  A script is a session of its own; with TERMINAL that
 * is its input and it has job control, else its input is empty.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { DRIVER_SECONDS = 60, DRIVER_WORDS = 16 };

struct driver_script {
	const char *shell;
	const char *folder;
	const char *terminal;
};

static _Noreturn void
driver_fail(const char *what)
{
	fprintf(stderr, "driver: %s: %s\n", what, strerror(errno));
	_exit(125);
}

static void
driver_open(const char *path, int flags, int as)
{
	int fd = open(path, flags, 0644);

	if (fd < 0 || dup2(fd, as) < 0)
		driver_fail(path);
	if (fd != as)
		close(fd);
}

/* The words of the file `args`, one a line. */
static void
driver_words(char **argv)
{
	static char text[4096], script[] = "./s";
	FILE *file = fopen("args", "r");
	size_t size = file == NULL ? 0 : fread(text, 1, sizeof text - 1, file);
	char *word = text;
	int count = 1;

	if (file != NULL)
		fclose(file);
	for (; word < text + size && count < DRIVER_WORDS;
	     word = strchr(word, '\0') + 1) {
		word[strcspn(word, "\n")] = '\0';
		argv[count++] = word;
	}
	if (count == 1)
		argv[count++] = script;
	argv[count] = NULL;
}

/* A session of its own; the terminal becomes its controlling one. */
static void
driver_begin(const struct driver_script *script)
{
	if (setsid() < 0)
		driver_fail("setsid");
	if (script->terminal == NULL) {
		driver_open("/dev/null", O_RDONLY, 0);
		return;
	}
	driver_open(script->terminal, O_RDWR, 0);
#ifdef TIOCSCTTY
	if (ioctl(0, TIOCSCTTY, 0) < 0)
		driver_fail(script->terminal);
#endif
}

static _Noreturn void
driver_child(const struct driver_script *script)
{
	static char name[] = "sh";
	char *argv[DRIVER_WORDS + 2] = {name};

	if (chdir(script->folder) < 0)
		driver_fail(script->folder);
	driver_words(argv);
	driver_begin(script);
	driver_open("out", O_WRONLY | O_CREAT | O_TRUNC, 1);
	driver_open("err", O_WRONLY | O_CREAT | O_TRUNC, 2);
	if (chdir("w") < 0)
		driver_fail("w");
	execv(script->shell, argv);
	driver_fail(script->shell);
}

/* Ends the child's session when its time is up. */
static pid_t
driver_watch(pid_t child)
{
	struct timespec limit = {.tv_sec = DRIVER_SECONDS};
	pid_t watch = fork();

	if (watch != 0)
		return watch;
	nanosleep(&limit, NULL);
	kill(-child, SIGKILL);
	kill(child, SIGKILL);
	_exit(0);
}

static void
driver_tell(const struct driver_script *script, int status)
{
	char path[4200];
	FILE *file;

	snprintf(path, sizeof path, "%s/status", script->folder);
	file = fopen(path, "w");
	if (file == NULL)
		driver_fail(path);
	fprintf(file, WIFSIGNALED(status) ? "signal %d\n" : "exit %d\n",
		WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	fclose(file);
}

static void
driver_run(const struct driver_script *script)
{
	pid_t child = fork(), watch, ended;
	int status = 0, other;

	if (child < 0)
		driver_fail("fork");
	if (child == 0)
		driver_child(script);
	watch = driver_watch(child);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		continue;
	kill(watch, SIGKILL);
	do
		ended = waitpid(watch, &other, 0);
	while (ended < 0 && errno == EINTR);
	driver_tell(script, status);
}

static int
driver_is_folder(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && entry->d_name[0] != '+';
}

int
main(int argc, char **argv)
{
	struct driver_script script;
	struct dirent **entries;
	char path[4096];
	int count, i;

	if (argc < 3)
		return 2;
	count = scandir(argv[2], &entries, driver_is_folder, alphasort);
	if (count < 0)
		driver_fail(argv[2]);
	for (i = 0; i < count; i++) {
		snprintf(path, sizeof path, "%s/%s", argv[2],
			 entries[i]->d_name);
		script = (struct driver_script){argv[1], path, argv[3]};
		driver_run(&script);
	}
	return 0;
}

/*
 * guest [OPTION]... QEMU [WORD]... [-- CMD [ARG]...]: runs one guest for
 * `proctor`.
 *
 * Called by the script `proctor`, which knows QEMU's command line; this side
 * knows how a job travels (job.c), how the lines move (relay.c) and how changes
 * come back (back.c).  Exits with CMD's status, or 124 (time limit) or 125
 * (QEMU, the kernel or proctor failed).
 */
#include "relay.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct guest {
	struct job job;
	struct relay_plan plan;
	const char *pack;  /* where the archive goes instead of a guest */
	struct buffer env; /* asked for by --env, each NUL-terminated */
	struct buffer initrd;
	struct cpio files; /* of the job; its names are the image's, too */
};

static const struct option guest_options[] = {
	{"image", required_argument, NULL, 'i'},
	{"timeout", required_argument, NULL, 's'},
	{"env", required_argument, NULL, 'e'},
	{"cwd", required_argument, NULL, 'c'},
	{"user", required_argument, NULL, 'u'},
	{"log", required_argument, NULL, 'l'},
	{"pack", required_argument, NULL, 'o'},
	{"tty", no_argument, NULL, 't'},
	{"patient", no_argument, NULL, 'p'},
	{NULL, 0, NULL, 0},
};

static void
guest_load_image(struct guest *g, const char *path)
{
	int error = buffer_load(&g->initrd, path);

	if (error < 0)
		die("%s: %s", path, strerror(-error));
	if (!cpio_note(&g->files, &g->initrd))
		die("%s: no archive", path);
}

static unsigned
guest_number(const char *what, const char *text)
{
	char *rest;
	unsigned long value = strtoul(text, &rest, 10);

	if (*text < '0' || *text > '9' || *rest != '\0' || value > 0x7fffffff)
		die("%s wants a number, not '%s'", what, text);
	return (unsigned)value;
}

static double
guest_seconds(const char *text)
{
	char *rest;
	double value = strtod(text, &rest);

	if (rest == text || *rest != '\0' || !(value > 0))
		die("--timeout wants seconds, not '%s'", text);
	return value;
}

static int
guest_open_log(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0)
		die("%s: %s", path, strerror(errno));
	return fd;
}

static void
guest_take_option(struct guest *g, int letter)
{
	switch (letter) {
	case 'i':
		guest_load_image(g, optarg);
		break;
	case 's':
		g->plan.timeout = guest_seconds(optarg);
		break;
	case 'e':
		buffer_add(&g->env, optarg, strlen(optarg) + 1);
		break;
	case 'c':
		if (*optarg != '/')
			die("--cwd wants an absolute path, not '%s'", optarg);
		g->job.cwd = optarg;
		break;
	case 'u':
		g->job.user = guest_number("--user", optarg);
		break;
	case 'v':
		job_add_volume(&g->job, optarg);
		break;
	case 'l':
		g->plan.log = guest_open_log(optarg);
		break;
	case 'o':
		g->pack = optarg;
		break;
	case 't':
		g->job.tty = g->plan.tty = true;
		break;
	case 'p':
		g->plan.patient = true;
		break;
	default:
		exit(125);
	}
}

/* What a program on a terminal wants to know of it. */
static void
guest_set_terminal_env(struct job *job)
{
	const char *term = getenv("TERM");
	struct winsize size;
	char setting[256];

	snprintf(setting, sizeof setting, "TERM=%s",
		 term == NULL ? "dumb" : term);
	job_set_env(job, setting);
	if (ioctl(STDIN_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0)
		return;
	snprintf(setting, sizeof setting, "LINES=%u", (unsigned)size.ws_row);
	job_set_env(job, setting);
	snprintf(setting, sizeof setting, "COLUMNS=%u", (unsigned)size.ws_col);
	job_set_env(job, setting);
}

static void
guest_set_env(struct guest *g)
{
	size_t at;

	job_set_env(&g->job, "PATH=/bin");
	job_set_env(&g->job, "HOME=/");
	if (g->job.tty)
		guest_set_terminal_env(&g->job);
	for (at = 0; at < g->env.used; at += strlen(g->env.data + at) + 1)
		job_set_env(&g->job, g->env.data + at);
}

/* Descriptors 0 to 2 are open from here on, so that no socket of ours takes
 * their place. */
static void
guest_open_stdio(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR);
	while (fd >= 0 && fd <= STDERR_FILENO);
	close(fd);
}

static void
guest_parse(struct guest *g, int argc, char **argv)
{
	int letter, i;

	while ((letter = getopt_long(argc, argv, "+tv:", guest_options,
				     NULL)) != -1)
		guest_take_option(g, letter);
	g->plan.qemu = argv + optind;
	i = optind - 1; /* with --pack, getopt has met the `--` itself */
	if (strcmp(argv[i], "--") != 0)
		do
			i++;
		while (i < argc && strcmp(argv[i], "--") != 0);
	if (i < argc)
		argv[i++] = NULL;
	g->job.argv = argv + i;
	g->job.argc = argc - i;
	if (g->plan.qemu[0] == NULL && g->pack == NULL)
		die("usage: guest [OPTION]... QEMU [WORD]... [-- CMD "
		    "[ARG]...]");
}

static int
guest_pack(const struct guest *g)
{
	int fd = open(g->pack, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	int error = fd < 0 ? -errno
			   : buffer_store(fd, g->initrd.data, g->initrd.used);

	if (error < 0 || close(fd) < 0)
		die("%s: %s", g->pack, strerror(error < 0 ? -error : errno));
	return 0;
}

int
main(int argc, char **argv)
{
	struct guest g = {.job = {.cwd = "/"}, .plan = {.log = -1}};
	struct buffer back = {0};
	int status;

	guest_open_stdio();
	guest_parse(&g, argc, argv);
	guest_set_env(&g);
	if (g.job.argc > 0)
		job_pack(&g.job, &g.files);
	buffer_add(&g.initrd, g.files.bytes.data, g.files.bytes.used);
	if (g.pack != NULL)
		return guest_pack(&g);
	g.plan.initrd = &g.initrd;
	status = relay_run(&g.plan, &back);
	if (status == 124 && back.used == 0 && job_brings_back(&g.job))
		fprintf(stderr, "proctor: the time is over: changes of :rw do "
				"not come back\n");
	if (back.used > 0 && !back_unpack(&g.job, &g.files, &back))
		status = 125;
	return status;
}

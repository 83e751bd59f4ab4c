/*
 * A job on its way into the guest: an archive of small files below /run/job,
 * and what `-v` names.
 *
 * Called by relay.  The other side is tools/init.c, which reads these files:
 *
 *	argv env rw	strings, each NUL-terminated
 *	exec		the program's path, if it is not to be looked for by
 *			argv[0]
 *	cwd user tty	the directory, the user's id, whether the program gets
 *			the console
 */
#include "job.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void *
job_copy(const void *data, size_t size)
{
	void *copy = malloc(size);

	if (copy == NULL)
		die("out of memory");
	return memcpy(copy, data, size);
}

void
job_set_env(struct job *job, const char *setting)
{
	const char *equals = strchr(setting, '=');
	struct buffer kept = {0};
	size_t at, name;

	if (equals == NULL || equals == setting)
		die("--env wants NAME=VALUE, not '%s'", setting);
	name = (size_t)(equals - setting) + 1;
	for (at = 0; at < job->env.used; at += strlen(job->env.data + at) + 1) {
		const char *old = job->env.data + at;

		if (strncmp(old, setting, name) != 0)
			buffer_add(&kept, old, strlen(old) + 1);
	}
	buffer_add(&kept, setting, strlen(setting) + 1);
	buffer_free(&job->env);
	job->env = kept;
}

/* Cuts text at its next colon: what is behind it, or NULL.  `\:` is a colon
 * that does not cut, `\\` a backslash. */
static char *
job_cut(char *text)
{
	char *to = text;

	for (; *text != '\0'; text++) {
		if (*text == ':') {
			*to = '\0';
			return text + 1;
		}
		if (*text == '\\' && (text[1] == ':' || text[1] == '\\'))
			text++;
		*to++ = *text;
	}
	*to = '\0';
	return NULL;
}

bool
job_brings_back(const struct job *job)
{
	int i;

	for (i = 0; i < job->volume_count; i++)
		if (job->volumes[i].writable)
			return true;
	return false;
}

static bool
job_goes_up(const char *path)
{
	while (path != NULL) {
		path += strspn(path, "/");
		if (strncmp(path, "..", 2) == 0 &&
		    (path[2] == '/' || path[2] == '\0'))
			return true;
		path = strchr(path, '/');
	}
	return false;
}

/* The last component of what host is, a new string; of `.` that of the folder
 * itself. */
static char *
job_own_name(const char *host)
{
	char *whole = strcmp(host, ".") == 0 ? realpath(host, NULL)
					     : job_copy(host, strlen(host) + 1);
	char *slash = whole == NULL ? NULL : strrchr(whole, '/');

	if (whole == NULL)
		die("-v: %s: %s", host, strerror(errno));
	if (slash != NULL)
		memmove(whole, slash + 1, strlen(slash + 1) + 1);
	return whole;
}

/* Where the guest has it, a new string: GUEST, or HOST's own name in / or, of a
 * file, in a GUEST that ends in a slash. */
static char *
job_place(const char *host, const char *guest)
{
	char *name = job_own_name(host), *place;
	bool given = guest != NULL && *guest != '\0', into;
	struct stat st;

	if (stat(host, &st) < 0)
		die("-v: %s: %s", host, strerror(errno));
	if (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode))
		die("-v: %s is neither a file nor a folder", host);
	into = given && S_ISREG(st.st_mode) && guest[strlen(guest) - 1] == '/';
	if (asprintf(&place, "%s%s", given ? guest : "",
		     given && !into ? "" : name) < 0)
		die("out of memory");
	if (job_goes_up(place) || *place == '\0')
		die("-v: %s: the guest has no place '%s'", host, place);
	free(name);
	return place;
}

void
job_add_volume(struct job *job, const char *spec)
{
	char *host = job_copy(spec, strlen(spec) + 1);
	struct volume volume = {.host = host};
	char *guest = job_cut(host);
	char *mode = guest == NULL ? NULL : job_cut(guest);
	char *more = mode == NULL ? NULL : job_cut(mode);

	volume.writable = mode != NULL && strcmp(mode, "rw") == 0;
	if (*host == '\0' || more != NULL || (mode != NULL && !volume.writable))
		die("-v wants HOST[:GUEST[:rw]], not '%s'", spec);
	while (strlen(host) > 1 && host[strlen(host) - 1] == '/')
		host[strlen(host) - 1] = '\0';
	volume.guest = job_place(host, guest);
	job->volumes = realloc(job->volumes,
			       (size_t)(job->volume_count + 1) * sizeof volume);
	if (job->volumes == NULL)
		die("out of memory");
	job->volumes[job->volume_count++] = volume;
}

/* A new string: the path as the guest's root sees it, without components that
 * are empty or a dot. */
static char *
job_absolute(const struct job *job, const char *path)
{
	char *whole, *from, *to;

	if (asprintf(&whole, "%s/%s", path[0] == '/' ? "" : job->cwd, path) < 0)
		die("out of memory");
	for (from = to = whole; *from != '\0';) {
		size_t length = 1 + strcspn(from + 1, "/");

		if (length > 2 || (length == 2 && from[1] != '.')) {
			memmove(to, from, length);
			to += length;
		}
		from += length;
	}
	if (to == whole)
		*to++ = '/';
	*to = '\0';
	return whole;
}

static void
job_add_file(struct cpio *c, const char *name, const struct buffer *bytes)
{
	char path[64];

	snprintf(path, sizeof path, "run/job/%s", name);
	cpio_add(c, &(struct cpio_entry){.name = path,
					 .mode = S_IFREG | 0644,
					 .data = bytes->data,
					 .size = bytes->used});
}

static void
job_add_text(struct cpio *c, const char *name, const char *text)
{
	struct buffer bytes = {0};

	buffer_text(&bytes, text);
	job_add_file(c, name, &bytes);
	buffer_free(&bytes);
}

static void
job_pack_volumes(struct job *job, struct cpio *c, struct buffer *rw)
{
	int i, error;

	for (i = 0; i < job->volume_count; i++) {
		struct volume *v = &job->volumes[i];

		v->guest = job_absolute(job, v->guest);
		if (v->writable && strcmp(v->guest, "/") == 0)
			die("-v: %s: the guest's / cannot be brought back",
			    v->host);
		c->owner = job->user;
		error = cpio_add_tree(c, v->host, v->guest);
		c->owner = 0;
		if (error < 0)
			die("%s: %s", v->host, strerror(-error));
		if (v->writable)
			buffer_add(rw, v->guest, strlen(v->guest) + 1);
	}
}

/* A command with a slash that the guest does not have is the host's file. */
static void
job_pack_command(const struct job *job, struct cpio *c)
{
	const char *slash = strrchr(job->argv[0], '/');
	struct buffer program = {0};
	char *path, *inside;

	if (slash == NULL)
		return;
	path = job_absolute(job, job->argv[0]);
	if (!cpio_has(c, path) && buffer_load(&program, job->argv[0]) == 0) {
		if (asprintf(&inside, "/run/job/program/%s", slash + 1) < 0)
			die("out of memory");
		cpio_add(c, &(struct cpio_entry){.name = inside,
						 .mode = S_IFREG | 0755,
						 .data = program.data,
						 .size = program.used});
		job_add_text(c, "exec", inside);
		free(inside);
	}
	buffer_free(&program);
	free(path);
}

void
job_pack(struct job *job, struct cpio *c)
{
	struct buffer argv = {0}, rw = {0};
	char user[16];
	int i;

	for (i = 0; i < job->argc; i++)
		buffer_add(&argv, job->argv[i], strlen(job->argv[i]) + 1);
	snprintf(user, sizeof user, "%u", job->user);
	job_pack_volumes(job, c, &rw);
	job_pack_command(job, c);
	job_add_file(c, "argv", &argv);
	job_add_file(c, "env", &job->env);
	job_add_file(c, "rw", &rw);
	job_add_text(c, "cwd", job->cwd);
	job_add_text(c, "user", user);
	if (job->tty)
		job_add_text(c, "tty", "");
	cpio_end(c);
	buffer_free(&argv);
	buffer_free(&rw);
}

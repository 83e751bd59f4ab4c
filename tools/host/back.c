/*
 * The way back: folders given with `:rw` take on what the guest made of them.
 *
 * Called by relay once the guest has told its verdict.  The archive is the
 * guest's word, so every name is walked component by component below the
 * volume, through no link.  A file that is as before is not touched; one that
 * was sent and has not come back was removed in the guest.
 */
#include "job.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Opens the folder in which `path` lies below `top`, and tells the last
 * component.  Returns -errno if one on the way is no folder, or is `..`.
 */
static int
back_open_parent(int top, const char *path, const char **last)
{
	int dir = fcntl(top, F_DUPFD_CLOEXEC, 0), next;
	char part[256];

	for (;;) {
		size_t length = strcspn(path, "/");

		if (length == 0 || length >= sizeof part || dir < 0)
			break;
		memcpy(part, path, length);
		part[length] = '\0';
		if (strcmp(part, "..") == 0 || strcmp(part, ".") == 0)
			break;
		*last = path;
		if (path[length] == '\0')
			return dir;
		next = openat(dir, part,
			      O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		close(dir);
		if (next < 0)
			return -errno;
		dir = next;
		path += length + 1;
	}
	if (dir >= 0)
		close(dir);
	return -EINVAL;
}

static bool
back_same(int dir, const char *name, const struct cpio_entry *e)
{
	struct buffer old = {0};
	int fd = openat(dir, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool same;

	if (fd < 0)
		return false;
	same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
	       (st.st_mode & 0777) == (e->mode & 0777) &&
	       st.st_size == (off_t)e->size && buffer_read_all(&old, fd) == 0 &&
	       (e->size == 0 || memcmp(old.data, e->data, e->size) == 0);
	buffer_free(&old);
	close(fd);
	return same;
}

static int
back_file(int dir, const char *name, const struct cpio_entry *e)
{
	int fd, error;

	if (back_same(dir, name, e))
		return 0;
	fd = openat(dir, name,
		    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
		    e->mode & 0777);
	if (fd < 0)
		return -errno;
	error = buffer_store(fd, e->data, e->size);
	if (error == 0 && fchmod(fd, e->mode & 0777) < 0)
		error = -errno;
	close(fd);
	return error;
}

static int
back_link(int dir, const char *name, const struct cpio_entry *e)
{
	char old[4096], target[4096];
	ssize_t size = readlinkat(dir, name, old, sizeof old);

	if (e->size >= sizeof target)
		return -ENAMETOOLONG;
	if (size == (ssize_t)e->size && memcmp(old, e->data, e->size) == 0)
		return 0;
	memcpy(target, e->data, e->size);
	target[e->size] = '\0';
	return symlinkat(target, dir, name) < 0 ? -errno : 0;
}

static int
back_folder(int dir, const char *name, const struct cpio_entry *e)
{
	if (mkdirat(dir, name, e->mode & 0777) < 0 && errno != EEXIST)
		return -errno;
	return 0;
}

/* What is there, but of another kind (links count as changed), makes way for
 * what came back. */
static void
back_clear(int dir, const char *name, const struct cpio_entry *e)
{
	struct stat st;

	if (fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	    (S_ISLNK(st.st_mode) ||
	     (st.st_mode & S_IFMT) != (e->mode & S_IFMT)))
		unlinkat(dir, name, S_ISDIR(st.st_mode) ? AT_REMOVEDIR : 0);
}

static int
back_entry(int top, const char *path, const struct cpio_entry *e)
{
	const char *name;
	int dir = back_open_parent(top, path, &name), error;

	if (dir < 0)
		return dir;
	if (!S_ISLNK(e->mode) || back_link(dir, name, e) < 0)
		back_clear(dir, name, e);
	if (S_ISREG(e->mode))
		error = back_file(dir, name, e);
	else if (S_ISDIR(e->mode))
		error = back_folder(dir, name, e);
	else
		error = S_ISLNK(e->mode) ? back_link(dir, name, e) : -EINVAL;
	close(dir);
	return error;
}

/* Takes away what was sent below the volume and is in `came` no more; what lies
 * deepest goes first. */
static void
back_remove(const struct volume *v, int top, const char *base, int place,
	    const struct cpio *sent, const struct cpio *came)
{
	const char *guest = v->guest + strspn(v->guest, "/");
	size_t length = strlen(guest), end = sent->names.used;
	char path[4096], back[4096];

	while (end > 0) {
		const char *name, *last;
		int dir;

		for (end--; end > 0 && sent->names.data[end - 1] != '\0';)
			end--;
		name = sent->names.data + end;
		if (strncmp(name, guest, length) != 0 || name[length] != '/')
			continue;
		snprintf(path, sizeof path, "%s%s", base, name + length);
		snprintf(back, sizeof back, "%d%s", place, name + length);
		if (cpio_has(came, back))
			continue;
		dir = back_open_parent(top, path, &last);
		if (dir < 0)
			continue;
		if (unlinkat(dir, last, 0) < 0)
			unlinkat(dir, last, AT_REMOVEDIR);
		close(dir);
	}
}

static bool
back_volume(const struct volume *v, int place, const struct cpio *sent,
	    const struct cpio *came, const struct buffer *archive)
{
	char *host = realpath(v->host, NULL), *slash, path[4096];
	struct cpio_entry e;
	size_t at = 0;
	int top, error = 0;

	slash = host == NULL ? NULL : strrchr(host, '/');
	if (slash == NULL || slash[1] == '\0')
		die("%s: cannot bring changes back to it", v->host);
	*slash++ = '\0';
	top = open(*host == '\0' ? "/" : host,
		   O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	back_remove(v, top, slash, place, sent, came);
	while (error == 0 && cpio_next(archive, &at, &e) > 0) {
		char *rest;

		if (strtol(e.name, &rest, 10) != place)
			continue;
		snprintf(path, sizeof path, "%s%s", slash, rest);
		error = back_entry(top, path, &e);
		if (error < 0)
			fprintf(stderr, "proctor: %s/%s: %s\n", host, path,
				strerror(-error));
	}
	close(top);
	free(host);
	return error == 0;
}

bool
back_unpack(const struct job *job, const struct cpio *sent,
	    const struct buffer *archive)
{
	struct cpio came = {0};
	bool good = cpio_note(&came, archive);
	int i, place = 0;

	if (!good)
		fputs("proctor: what came back is damaged\n", stderr);
	for (i = 0; good && i < job->volume_count; i++)
		if (job->volumes[i].writable)
			good = back_volume(&job->volumes[i], place++, sent,
					   &came, archive);
	buffer_free(&came.names);
	return good;
}

/*
 * mkcpio OUT [HOST GUEST]...: builds a boot archive, the same bytes for the
 * same files.
 *
 * Called by the build.  GUEST is where the file or folder HOST goes; one that
 * ends in a slash is a directory into which it goes under its own name.  HOST
 * `-` makes an empty directory; a mode may follow it (`-1777`), and an owner,
 * user and group (`-0755:1000`).  HOST `=4755:FILE` is a file with that mode
 * instead of its own.  OUT appears whole or not at all.
 */
#include "cpio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* `-`, `-MODE`, `-MODE:OWNER` */
static void
mkcpio_add_directory(struct cpio *c, const char *how, const char *guest)
{
	struct cpio_entry e = {.name = guest, .mode = S_IFDIR | 0755};
	unsigned owner = c->owner;
	char *end;

	if (how[1] != '\0') {
		e.mode = S_IFDIR | (unsigned)strtoul(how + 1, &end, 8);
		if (*end == ':')
			c->owner = (unsigned)strtoul(end + 1, &end, 10);
		if (*end != '\0')
			die("%s: no mode and owner", how);
	}
	cpio_add(c, &e);
	c->owner = owner;
}

/* `=MODE:FILE` */
static void
mkcpio_add_with_mode(struct cpio *c, const char *how, const char *guest)
{
	struct cpio_entry e = {.name = guest};
	struct buffer data = {0};
	char *end;
	int error;

	e.mode = S_IFREG | (unsigned)strtoul(how + 1, &end, 8);
	if (*end++ != ':')
		die("%s: no mode and file", how);
	error = buffer_load(&data, end);
	if (error < 0)
		die("%s: %s", end, strerror(-error));
	e.data = data.data;
	e.size = data.used;
	cpio_add(c, &e);
	buffer_free(&data);
}

static void
mkcpio_add(struct cpio *c, const char *host, const char *guest)
{
	const char *slash = strrchr(host, '/');
	const char *base = slash == NULL ? host : slash + 1;
	char name[4096];
	int error, into = *guest != '\0' && guest[strlen(guest) - 1] == '/';
	struct stat st;

	if (host[0] == '-') {
		mkcpio_add_directory(c, host, guest);
		return;
	}
	if (host[0] == '=') {
		mkcpio_add_with_mode(c, host, guest);
		return;
	}
	if (stat(host, &st) == 0 && S_ISDIR(st.st_mode))
		into = 0;
	snprintf(name, sizeof name, "%s%s", guest, into ? base : "");
	while (strlen(name) > 1 && name[strlen(name) - 1] == '/')
		name[strlen(name) - 1] = '\0';
	error = cpio_add_tree(c, host, name);
	if (error < 0)
		die("%s: %s", host, strerror(-error));
}

static void
mkcpio_store(const struct buffer *bytes, const char *out)
{
	char part[4096];
	int fd, error;

	snprintf(part, sizeof part, "%s.part", out);
	fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		die("%s: %s", part, strerror(errno));
	error = buffer_store(fd, bytes->data, bytes->used);
	if (error < 0)
		die("%s: %s", part, strerror(-error));
	if (close(fd) < 0 || rename(part, out) < 0)
		die("%s: %s", out, strerror(errno));
}

int
main(int argc, char **argv)
{
	struct cpio c = {0};
	int i;

	if (argc < 2 || argc % 2 != 0)
		die("usage: mkcpio OUT [HOST GUEST]...");
	for (i = 2; i < argc; i += 2)
		mkcpio_add(&c, argv[i], argv[i + 1]);
	cpio_end(&c);
	mkcpio_store(&c.bytes, argv[1]);
	buffer_free(&c.bytes);
	buffer_free(&c.names);
	return 0;
}

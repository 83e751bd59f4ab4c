/*
 * mkcpio OUT [HOST GUEST]...: builds a boot archive, the same bytes for the
 * same files.
 *
 * Called by the build.  GUEST is where the file or folder HOST goes; one that
 * ends in a slash is a directory into which it goes under its own name.  HOST
 * `-` makes an empty directory; a mode may follow it (`-1777`).  OUT appears
 * whole or not at all.
 */
#include "cpio.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void
mkcpio_add(struct cpio *c, const char *host, const char *guest)
{
	const char *slash = strrchr(host, '/');
	const char *base = slash == NULL ? host : slash + 1;
	char name[4096];
	int error, into = *guest != '\0' && guest[strlen(guest) - 1] == '/';
	struct stat st;

	if (host[0] == '-') {
		unsigned mode = host[1] == '\0'
					? 0755
					: (unsigned)strtoul(host + 1, NULL, 8);
		cpio_add(c, &(struct cpio_entry){.name = guest,
						 .mode = S_IFDIR | mode});
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

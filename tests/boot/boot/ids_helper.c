/*
 * A program that the tests of set-id files start: ids_helper WHAT ….
 *
 * show: ids, as the calls and as the auxiliary vector have them, on stdout.
 * status: its line of proc:.  fds: are 0 to 2 open, and 3 not?  run PROGRAM
 * WORD…: becomes that program.  lower: gives raised ids up for good, writes a
 * byte, and on a byte becomes `/test/boot/ids_helper sleep`: writes one,
 * sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

static int
show(void)
{
	uid_t uid[3];
	gid_t gid[3];

	if (getresuid(&uid[0], &uid[1], &uid[2]) < 0 ||
	    getresgid(&gid[0], &gid[1], &gid[2]) < 0)
		return 1;
	if (getauxval(AT_UID) != uid[0] || getauxval(AT_EUID) != uid[1] ||
	    getauxval(AT_GID) != gid[0] || getauxval(AT_EGID) != gid[1] ||
	    (unsigned long)issetugid() != getauxval(AT_SECURE))
		return 2;
	printf("uid %u %u %u gid %u %u %u secure %lu\n", uid[0], uid[1], uid[2],
	       gid[0], gid[1], gid[2], getauxval(AT_SECURE));
	return 0;
}

static int
status(void)
{
	FILE *file = fopen("proc:self/status", "r");
	char line[128];

	if (file == NULL)
		return 1;
	while (fgets(line, sizeof line, file) != NULL)
		if (strncmp(line, "uid ", 4) == 0 ||
		    strncmp(line, "gid ", 4) == 0)
			fputs(line, stdout);
	fclose(file);
	return 0;
}

static int
fds(void)
{
	struct stat null, st;

	if (stat("null:", &null) < 0)
		return 1;
	for (int fd = 0; fd <= 2; fd++)
		if (fstat(fd, &st) < 0 || st.st_dev != null.st_dev ||
		    st.st_ino != null.st_ino)
			return 10 + fd;
	return fcntl(3, F_GETFD) < 0 && errno == EBADF ? 0 : 2;
}

static int
lower(void)
{
	char byte;

	if (setresgid(getgid(), getgid(), getgid()) < 0 ||
	    setresuid(getuid(), getuid(), getuid()) < 0 ||
	    write(1, "x", 1) != 1 || read(0, &byte, 1) != 1)
		return 1;
	execl("/test/boot/ids_helper", "x", "sleep", (char *)NULL);
	return 100 + errno;
}

int
main(int argc, char **argv)
{
	char byte;

	if (argc > 1 && strcmp(argv[1], "lower") == 0)
		return lower();
	if (argc > 1 && strcmp(argv[1], "sleep") == 0)
		return write(1, "x", 1) != 1 || read(0, &byte, 1) < 0;
	if (argc > 2 && strcmp(argv[1], "run") == 0) {
		execv(argv[2], argv + 2);
		return 100 + errno;
	}
	if (argc > 1 && strcmp(argv[1], "status") == 0)
		return status();
	if (argc > 1 && strcmp(argv[1], "fds") == 0)
		return fds();
	return show();
}

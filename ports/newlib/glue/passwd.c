/*
 * Users, as /etc/passwd has them: `name:password:uid:gid:comment:home:shell`.
 *
 * In the place of newlib's, which knows no empty field: that a password may be.
 * What is given lasts until the next call; lines of another form, or longer
 * than 1023 bytes, are passed over.
 */
#include <ctype.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "glue.h"

enum { PASSWD_FIELDS = 7 };

static FILE *passwd_file;
static char passwd_line[1024];
static struct passwd passwd_found;

void
endpwent(void)
{
	if (passwd_file)
		fclose(passwd_file);
	passwd_file = NULL;
}

void
setpwent(void)
{
	endpwent();
	passwd_file = fopen("/etc/passwd", "re");
}

/* The next line, without its newline; 0: there is none. */
static int
passwd_read(void)
{
	size_t length;
	int c;

	while (passwd_file &&
	       fgets(passwd_line, sizeof(passwd_line), passwd_file)) {
		length = strcspn(passwd_line, "\n");
		if (length < sizeof(passwd_line) - 1) {
			passwd_line[length] = '\0';
			return 1;
		}
		while ((c = getc(passwd_file)) != EOF && c != '\n')
			continue;
	}
	return 0;
}

/* An id of decimal digits; -1 is none. */
static int
passwd_number(const char *text, unsigned *id)
{
	unsigned long number;
	char *end;

	if (!isdigit((unsigned char)*text))
		return -1;
	number = strtoul(text, &end, 10);
	if (*end || number >= 0xffffffff)
		return -1;
	*id = (unsigned)number;
	return 0;
}

/* 0, or -1: the line is no user's. */
static int
passwd_parse(char *line)
{
	char *field[PASSWD_FIELDS], *rest = line;
	int i;

	for (i = 0; i < PASSWD_FIELDS && rest; i++) {
		field[i] = rest;
		rest = strchr(rest, ':');
		if (rest)
			*rest++ = '\0';
	}
	if (i < PASSWD_FIELDS || rest || !*field[0] ||
	    passwd_number(field[2], &passwd_found.pw_uid) < 0 ||
	    passwd_number(field[3], &passwd_found.pw_gid) < 0)
		return -1;
	passwd_found.pw_name = field[0];
	passwd_found.pw_passwd = field[1];
	passwd_found.pw_comment = field[4];
	passwd_found.pw_gecos = field[4];
	passwd_found.pw_dir = field[5];
	passwd_found.pw_shell = field[6];
	return 0;
}

struct passwd *
getpwent(void)
{
	if (!passwd_file)
		setpwent();
	while (passwd_read())
		if (passwd_parse(passwd_line) == 0)
			return &passwd_found;
	return NULL;
}

struct passwd *
getpwnam(const char *name)
{
	struct passwd *user;

	setpwent();
	while ((user = getpwent()) != NULL && strcmp(user->pw_name, name))
		continue;
	endpwent();
	return user;
}

struct passwd *
getpwuid(uid_t uid)
{
	struct passwd *user;

	setpwent();
	while ((user = getpwent()) != NULL && user->pw_uid != uid)
		continue;
	endpwent();
	return user;
}

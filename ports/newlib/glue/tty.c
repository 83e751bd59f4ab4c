/*
 * Terminals over ioctl.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <proctor/abi/types.h>
#include "glue.h"

_Static_assert(sizeof(struct termios) == sizeof(struct abi_termios),
	       "struct termios is the kernel's");

int
tcgetattr(int fd, struct termios *termios)
{
	return ioctl(fd, TCGETS, termios);
}

int
tcsetattr(int fd, int when, const struct termios *termios)
{
	if (when < TCSANOW || when > TCSAFLUSH)
		return (int)__result(-EINVAL);
	return ioctl(fd, TCSETS + (unsigned)when, termios);
}

int
isatty(int fd)
{
	struct termios termios;

	return tcgetattr(fd, &termios) == 0;
}

/* ---- whose it is ---- */

pid_t
tcgetpgrp(int fd)
{
	pid_t group;

	return ioctl(fd, TIOCGPGRP, &group) < 0 ? -1 : group;
}

int
tcsetpgrp(int fd, pid_t group)
{
	return ioctl(fd, TIOCSPGRP, &group);
}

pid_t
tcgetsid(int fd)
{
	pid_t session;

	return ioctl(fd, TIOCGSID, &session) < 0 ? -1 : session;
}

/* ---- settings ---- */

int
tcdrain(int fd)
{
	return ioctl(fd, TCSBRK, 1);
}

int
tcflow(int fd, int action)
{
	return ioctl(fd, TCXONC, action);
}

int
tcflush(int fd, int queue)
{
	return ioctl(fd, TCFLSH, queue);
}

/* A quarter of a second, whatever is asked for. */
int
tcsendbreak(int fd, int duration)
{
	(void)duration;
	return ioctl(fd, TCSBRK, 0);
}

void
cfmakeraw(struct termios *termios)
{
	termios->c_iflag &= ~(tcflag_t)(IGNBRK | BRKINT | PARMRK | ISTRIP |
					INLCR | IGNCR | ICRNL | IXON);
	termios->c_oflag &= ~(tcflag_t)OPOST;
	termios->c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
	termios->c_cflag &= ~(tcflag_t)(CSIZE | PARENB);
	termios->c_cflag |= CS8;
	termios->c_cc[VMIN] = 1;
	termios->c_cc[VTIME] = 0;
}

speed_t
cfgetospeed(const struct termios *termios)
{
	return termios->c_cflag & CBAUD;
}

speed_t
cfgetispeed(const struct termios *termios)
{
	return cfgetospeed(termios);
}

int
cfsetospeed(struct termios *termios, speed_t speed)
{
	if (speed & ~(speed_t)CBAUD)
		return (int)__result(-EINVAL);
	termios->c_cflag = (termios->c_cflag & ~(tcflag_t)CBAUD) | speed;
	return 0;
}

/* One speed holds for both directions; 0 is "as the output's". */
int
cfsetispeed(struct termios *termios, speed_t speed)
{
	return speed ? cfsetospeed(termios, speed) : 0;
}

int
cfsetspeed(struct termios *termios, speed_t speed)
{
	return cfsetospeed(termios, speed);
}

/* ---- names ---- */

/* There is one terminal. */
char *
ctermid(char *name)
{
	static char own[L_ctermid];

	if (!name)
		name = own;
	return strcpy(name, "tty:");
}

int
ttyname_r(int fd, char *name, size_t size)
{
	if (!isatty(fd))
		return errno;
	return snprintf(name, size, "tty:") < (int)size ? 0 : ERANGE;
}

char *
ttyname(int fd)
{
	static char name[8];
	int error = ttyname_r(fd, name, sizeof(name));

	if (error)
		errno = error;
	return error ? NULL : name;
}

/*
 * select over poll.
 */
#include <poll.h>
#include <stdlib.h>
#include <sys/select.h>

#include "glue.h"

#define SELECT_READ  (POLLIN | POLLHUP | POLLERR)
#define SELECT_WRITE (POLLOUT | POLLERR)

static int
select_in(int fd, const fd_set *set)
{
	return set && FD_ISSET(fd, set);
}

/* Takes from set each descriptor that is not ready; returns how many stay. */
static int
select_keep(fd_set *set, const struct pollfd *fds, nfds_t count, int events)
{
	int kept = 0;
	nfds_t i;

	for (i = 0; set && i < count; i++) {
		if (!FD_ISSET(fds[i].fd, set))
			continue;
		if (fds[i].revents & events)
			kept++;
		else
			FD_CLR(fds[i].fd, set);
	}
	return kept;
}

static nfds_t
select_fill(struct pollfd *fds, int limit, const fd_set *in, const fd_set *out,
	    const fd_set *urgent)
{
	nfds_t count = 0;
	int fd;

	for (fd = 0; fd < limit; fd++) {
		int events = (select_in(fd, in) ? POLLIN : 0) |
			     (select_in(fd, out) ? POLLOUT : 0) |
			     (select_in(fd, urgent) ? POLLPRI : 0);

		if (events)
			fds[count++] = (struct pollfd){.fd = fd,
						       .events = (short)events};
	}
	return count;
}

int
select(int limit, fd_set *in, fd_set *out, fd_set *urgent,
       struct timeval *timeout)
{
	struct pollfd fds[FD_SETSIZE];
	nfds_t count, i;
	int ms = -1;

	if (limit < 0 || limit > FD_SETSIZE)
		return (int)__result(-EINVAL);
	if (timeout) {
		if (timeout->tv_sec < 0 || timeout->tv_sec > 2000000 ||
		    timeout->tv_usec < 0 || timeout->tv_usec >= 1000000)
			return (int)__result(-EINVAL);
		ms = (int)(timeout->tv_sec * 1000 +
			   (timeout->tv_usec + 999) / 1000);
	}
	count = select_fill(fds, limit, in, out, urgent);
	if (poll(fds, count, ms) < 0)
		return -1;
	for (i = 0; i < count; i++)
		if (fds[i].revents & POLLNVAL)
			return (int)__result(-EBADF);
	return select_keep(in, fds, count, SELECT_READ) +
	       select_keep(out, fds, count, SELECT_WRITE) +
	       select_keep(urgent, fds, count, POLLPRI);
}

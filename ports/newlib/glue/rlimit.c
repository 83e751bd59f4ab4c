/*
 * Limits of resources, as they are: memory bounds what has none.  The system
 * has no call that sets one, so setrlimit can only confirm.
 */
#include <sys/resource.h>

#include "glue.h"

struct rlimit_row {
	int resource;
	rlim_t limit;
};

static const struct rlimit_row rlimit_rows[] = {
	{RLIMIT_CPU, RLIM_INFINITY},
	{RLIMIT_FSIZE, RLIM_INFINITY},
	{RLIMIT_DATA, RLIM_INFINITY},
	{RLIMIT_STACK, 8UL << 20}, /* docs/architecture.md, Memory */
	{RLIMIT_CORE, 0},	   /* no core is ever written */
	{RLIMIT_NPROC, RLIM_INFINITY},
	{RLIMIT_NOFILE, RLIM_INFINITY},
	{RLIMIT_AS, RLIM_INFINITY},
};

#define RLIMIT_ROWS (sizeof(rlimit_rows) / sizeof(rlimit_rows[0]))

int
getrlimit(int resource, struct rlimit *limit)
{
	size_t i;

	for (i = 0; i < RLIMIT_ROWS; i++) {
		if (rlimit_rows[i].resource != resource)
			continue;
		limit->rlim_cur = limit->rlim_max = rlimit_rows[i].limit;
		return 0;
	}
	return (int)__result(-EINVAL);
}

int
setrlimit(int resource, const struct rlimit *limit)
{
	struct rlimit now;

	if (getrlimit(resource, &now) < 0)
		return -1;
	if (limit->rlim_cur > limit->rlim_max)
		return (int)__result(-EINVAL);
	if (limit->rlim_cur != now.rlim_cur || limit->rlim_max != now.rlim_max)
		return (int)__result(-ENOSYS);
	return 0;
}

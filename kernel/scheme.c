/*
 * The schemes: which there are, and what they have in common.
 *
 * main calls scheme_init once, path.c finds schemes by name.  The rule: what
 * scheme_find returns is a completed copy of a scheme's table, so a caller
 * never tests an operation for NULL, and a scheme knows its own files by an
 * operation, not by the address of its table.
 */
#include "scheme.h"

#include "print.h"
#include "text.h"

#define SCHEME(name) extern const struct scheme_ops name##_scheme;
#include "../schemes/schemes.def"
#undef SCHEME

static const struct scheme_ops *const sources[] = {
#define SCHEME(name) &name##_scheme,
#include "../schemes/schemes.def"
#undef SCHEME
};

#define SCHEME_COUNT (sizeof sources / sizeof *sources)

static struct scheme_ops schemes[SCHEME_COUNT];

_Static_assert(SCHEME_COUNT <= 32, "a scheme is a bit of a namespace");

void
scheme_init(void)
{
	for (size_t i = 0; i < SCHEME_COUNT; i++) {
		schemes[i] = *sources[i];
		schemes[i].bit = UINT32_C(1) << i;
		scheme_complete(&schemes[i]);
	}
	for (size_t i = 0; i < SCHEME_COUNT; i++) {
		int error = schemes[i].init();

		if (error < 0)
			print("%s: not ready: error %d\n", schemes[i].name,
			      -error);
	}
}

const struct scheme_ops *
scheme_find(const char *name, size_t length)
{
	for (size_t i = 0; i < SCHEME_COUNT; i++)
		if (strlen(schemes[i].name) == length &&
		    memcmp(schemes[i].name, name, length) == 0)
			return &schemes[i];
	return NULL;
}

const struct scheme_ops *
scheme_at(unsigned index)
{
	return index < SCHEME_COUNT ? &schemes[index] : NULL;
}

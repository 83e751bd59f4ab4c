/*
 * The searches of less.
 */
#include "less.h"

#include <string.h>

bool less_fold;

static struct pattern less_pattern;
static bool less_has_pattern, less_search_back;

/* The next line that matches, from `line` on. */
static void
less_search_from(size_t line, bool back)
{
	for (;; line += back ? (size_t)-1 : 1) {
		if (less_line(line) == NULL) {
			less_message = "Pattern not found";
			return;
		}
		if (less_matches(line, &less_pattern))
			break;
		if (less_key_waits() || (back && line == 0)) {
			less_message = less_key_waits() ? "Interrupted"
							: "Pattern not found";
			return;
		}
	}
	less_go_to(line);
}

static void
less_search_on(bool back)
{
	if (!less_has_pattern)
		less_message = "There is no pattern yet";
	else if (!back)
		less_search_from(less_top.line + 1, false);
	else if (less_top.line > 0)
		less_search_from(less_top.line - 1, true);
	else
		less_message = "Pattern not found";
}

void
less_search(const char *text, bool back)
{
	struct pattern new;
	const char *wrong;

	if (text == NULL)
		return;
	less_search_back = back;
	if (*text == '\0') {
		less_search_on(back);
		return;
	}
	wrong = pattern_compile(&new, text, strlen(text),
				PATTERN_EXTENDED |
					(less_fold ? PATTERN_FOLD : 0));
	if (wrong != NULL) {
		less_message = wrong;
		return;
	}
	less_pattern = new;
	less_has_pattern = true;
	less_shown = &less_pattern;
	if (back)
		less_search_on(true);
	else
		less_search_from(less_top.line + (less_top.row > 0), false);
}

void
less_search_again(bool other)
{
	less_search_on(less_search_back != other);
}

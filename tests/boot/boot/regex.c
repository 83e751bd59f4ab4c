/* regexec looks at nothing outside of what it is given. */
#include <regex.h>
#include "boot/children.h"

static void
check_match_at_the_page_start(const char *pattern)
{
	char *text = strcpy(lone_page(), "bb");
	regmatch_t match;
	regex_t regex;

	CHECK_EQ(regcomp(&regex, pattern, 0), 0);
	CHECK_EQ(regexec(&regex, text, 1, &match, REG_NOTBOL), 0);
	CHECK_EQ(match.rm_so, 0);
	CHECK_EQ(match.rm_eo, 2);
	regfree(&regex);
}

TEST(anchor_before_a_back_reference_does_not_read_before_the_text)
{
	check_match_at_the_page_start("\\(^a\\)*\\(b\\)\\2");
}

TEST(word_before_a_back_reference_does_not_read_before_the_text)
{
	check_match_at_the_page_start("\\([[:<:]]a\\)*\\(b\\)\\2");
}

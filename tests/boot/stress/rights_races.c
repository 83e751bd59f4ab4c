/*
 * Rights against time, on one CPU; smp/rights_races.c has two.
 */
#include "boot/attach_race.h"

TEST_SECONDS(7200);

TEST(nobody_gets_at_a_program_by_attaching_while_its_process_rises)
{
	attach_race(test_size(200, 100000));
}

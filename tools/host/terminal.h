/* The user's terminal, raw while a guest has it. */
#pragma once

/* Makes the terminal on stdin raw, if it is one; it is as before when the
 * program ends in any way it can see. */
void terminal_raw(void);
void terminal_restore(void);

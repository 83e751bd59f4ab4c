/* Kernel stacks: mapped, with an unmapped gap below each, so that running over
 * the end is a fault and not a neighbour's surprise. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define STACK_SIZE 16384u

struct stack;

struct stack *stack_take(void);	      /* NULL: no memory; never sleeps */
void stack_give(struct stack *stack); /* nobody runs on it; never sleeps */
void *stack_bottom(const struct stack *stack); /* lowest usable address */

bool stack_excess(void); /* more are kept than are worth keeping */
void stack_trim(void);	 /* unmaps some of those: interrupts on, no spinlock
			    held */

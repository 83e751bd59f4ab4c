/*
 * The table of proc:'s files: one row each, in the order of their numbers. Used
 * by look.c and dir.c.
 */
#include "proc.h"

const struct proc_row *const proc_rows[] = {
	&trace_row,	  &trace_bin_row,     &ctl_row,
	&regs_row,	  &regs_bin_row,      &mem_row,
	&maps_row,	  &maps_bin_row,      &status_row,
	&status_bin_row,  &usage_row,	      &usage_bin_row,
	&args_row,	  &env_row,	      &auxv_row,
	&cwd_row,	  &exe_row,	      &signals_row,
	&points_row,	  &calls_row,	      &calls_bin_row,
	&fd_dir_row,	  &thread_dir_row,    &fpregs_row,
	&fpregs_bin_row,  &thread_status_row, &thread_status_bin_row,
	&thread_name_row, &new_row,	      &new_bin_row,
};
const unsigned proc_row_count = sizeof(proc_rows) / sizeof(proc_rows[0]);

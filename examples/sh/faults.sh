#!/bin/sh
# faults.sh CALL[,CALL...] ERROR PROGRAM [ARGUMENT...]: a program whose calls fail, as in `faults.sh open,openat ENOSPC
# cp a b`; how many calls it made, and how many failed, is printed at its end.
#
# The rules act in the kernel: the program is held at its end only, where what was counted is still there; SIGKILL is
# not held.
. tracing.sh
usage 3 'faults.sh CALL[,CALL...] ERROR PROGRAM [ARGUMENT...]' "$@"
calls=$1 error=$2
shift 2
start "$@" || exit
say "on enter $calls return -$error" 'on leave * count' 'on end hold' || exit
while read -r seq who how event rest <&3; do
	echo "$event $rest"
	[ "$how" = hold ] || continue
	while read -r name count errors ns; do
		echo "$name $count calls, $errors failed"
	done <"proc:/$pid/calls"
done >&2

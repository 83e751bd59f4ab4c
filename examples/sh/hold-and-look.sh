#!/bin/sh
# hold-and-look.sh CALL PROGRAM [ARGUMENT...]: holds a program at its first such call, shows its registers, its memory
# and its descriptors, and lets it go.
. tracing.sh
usage 2 'hold-and-look.sh CALL PROGRAM [ARGUMENT...]' "$@"
call=$1 seen=
shift
start "$@" && say "on enter $call hold" 'set close run' || exit
while read -r seq who how event rest <&3; do
	[ "$event" = enter ] || continue
	seen=1
	say "on enter $call off"
	echo "$rest"
	cat "proc:/$pid/regs" "proc:/$pid/maps"
	for fd in "proc:/$pid/fd/"*; do
		echo "fd ${fd##*/}:" $(cat "$fd")
	done
done
[ -n "$seen" ] || { echo "hold-and-look.sh: $1 made no $call" >&2; exit 1; }

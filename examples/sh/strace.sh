#!/bin/sh
# strace.sh PROGRAM [ARGUMENT...], strace.sh -p PID: prints the system calls of a program with their results, its signals
# and its end, on stderr.  A program that it started is held at each; another's are logged, and it is not slowed.
. tracing.sh
usage 1 'strace.sh PROGRAM [ARGUMENT...] | -p PID' "$@"
case $1 in
-p) there strace.sh "${2-}" && exec 3<"proc:/$2/trace" ;;
*) start "$@" && say 'on leave * hold' 'on signal * hold' 'set close run' || exit ;;
esac
while read -r seq who how event rest <&3; do
	result=${rest##* = }
	case $event in
	leave) echo "${rest%% = *} = ${result%% *}" ;;
	*) echo "--- $event $rest" ;;
	esac
	[ "$event" != revoked ] || exit 1
done >&2

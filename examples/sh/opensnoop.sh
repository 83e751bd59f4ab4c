#!/bin/sh
# opensnoop.sh PROGRAM [ARGUMENT...], opensnoop.sh -p PID: prints which files a program opens, and what became of it.
#
# A path is an address in the event.  It is read while the program is held there, before the kernel reads it.
. tracing.sh
usage 1 'opensnoop.sh PROGRAM [ARGUMENT...] | -p PID' "$@"
case $1 in
-p) there opensnoop.sh "${2-}" && exec 3<>"proc:/$2/trace" ;;
*) start "$@" || exit ;;
esac
say 'on enter open,openat hold' 'on leave open,openat hold' 'set close run' || exit
while read -r seq who how event call first second rest <&3; do
	pid=${who%/*}
	case "$event $call" in
	'enter open') path=$(peek "$pid" "$first") ;;
	'enter openat') path=$(peek "$pid" "$second") ;;
	leave*)
		rest=${rest##*= }
		echo "$(sed -n 's/^name //p' "proc:/$pid/status"): $path = ${rest%% *}" >&2 ;;
	esac
done

#!/bin/sh
# deny-stderr.sh PROGRAM [ARGUMENT...]: every write of the program to descriptor 2 fails, and is not done.
#
# A descriptor is 32 bits of its register: those above count for nothing.
. tracing.sh
usage 1 'deny-stderr.sh PROGRAM [ARGUMENT...]' "$@"
start "$@" && say 'on enter write,writev hold' || exit
while read -r seq who how event call fd rest <&3; do
	case "$event $fd" in
	enter\ 0x2 | enter\ 0x*00000002) say 'return -EACCES' || exit ;;
	end*) echo "Child $call $fd." ;;
	esac
done

/* Where programs expect things; what is a device elsewhere is a scheme here. */
#ifndef _PATHS_H_
#define _PATHS_H_

#define _PATH_BSHELL  "/bin/sh"
#define _PATH_DEFPATH "/bin"
#define _PATH_STDPATH "/bin"
#define _PATH_DEV     "/dev/"
#define _PATH_DEVNULL "null:"
#define _PATH_TTY     "tty:"
#define _PATH_TMP     "/tmp/"

#endif

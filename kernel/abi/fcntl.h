/*
 * Constants of files, memory, waiting and clocks in system calls: Linux
 * x86-64's values.  They carry the prefix K so that a program may include this
 * header beside newlib's.
 */
#pragma once

/* open */
#define KO_ACCMODE   3
#define KO_RDONLY    0
#define KO_WRONLY    1
#define KO_RDWR	     2
#define KO_CREAT     0100
#define KO_EXCL	     0200
#define KO_NOCTTY    0400
#define KO_TRUNC     01000
#define KO_APPEND    02000
#define KO_NONBLOCK  04000
#define KO_DIRECTORY 0200000
#define KO_NOFOLLOW  0400000
#define KO_CLOEXEC   02000000

/* *at calls */
#define KAT_FDCWD	     (-100)
#define KAT_SYMLINK_NOFOLLOW 0x100
#define KAT_EMPTY_PATH	     0x1000

/* fcntl */
#define KF_DUPFD	 0
#define KF_GETFD	 1
#define KF_SETFD	 2
#define KF_GETFL	 3
#define KF_SETFL	 4
#define KF_DUPFD_CLOEXEC 1030
#define KFD_CLOEXEC	 1

#define KSEEK_SET 0
#define KSEEK_CUR 1
#define KSEEK_END 2

#define KR_OK 4
#define KW_OK 2
#define KX_OK 1
#define KF_OK 0

/* st_mode */
#define KS_IFMT	  0170000
#define KS_IFSOCK 0140000
#define KS_IFLNK  0120000
#define KS_IFREG  0100000
#define KS_IFBLK  0060000
#define KS_IFDIR  0040000
#define KS_IFCHR  0020000
#define KS_IFIFO  0010000
#define KS_ISUID  04000
#define KS_ISGID  02000
#define KS_ISVTX  01000

/* poll */
#define KPOLLIN	  0x001
#define KPOLLPRI  0x002
#define KPOLLOUT  0x004
#define KPOLLERR  0x008
#define KPOLLHUP  0x010
#define KPOLLNVAL 0x020

/* getdents: d_type */
#define KDT_UNKNOWN 0
#define KDT_FIFO    1
#define KDT_CHR	    2
#define KDT_DIR	    4
#define KDT_REG	    8
#define KDT_LNK	    10

/* ioctl */
#define KTCGETS	    0x5401
#define KTCSETS	    0x5402
#define KTCSETSW    0x5403
#define KTCSETSF    0x5404
#define KTCSBRK	    0x5409
#define KTCXONC	    0x540a
#define KTCFLSH	    0x540b
#define KTIOCSCTTY  0x540e
#define KTIOCGPGRP  0x540f
#define KTIOCSPGRP  0x5410
#define KTIOCOUTQ   0x5411
#define KTIOCSTI    0x5412
#define KTIOCGWINSZ 0x5413
#define KTIOCSWINSZ 0x5414
#define KFIONREAD   0x541b
#define KTIOCNOTTY  0x5422
#define KTCSBRKP    0x5425
#define KTIOCGSID   0x5429

/* TCXONC */
#define KTCOOFF 0
#define KTCOON	1
#define KTCIOFF 2
#define KTCION	3

/* TCFLSH */
#define KTCIFLUSH  0
#define KTCOFLUSH  1
#define KTCIOFLUSH 2

/* mmap */
#define KPROT_READ     1
#define KPROT_WRITE    2
#define KPROT_EXEC     4
#define KMAP_SHARED    0x01
#define KMAP_PRIVATE   0x02
#define KMAP_FIXED     0x10
#define KMAP_ANONYMOUS 0x20

/* wait4 */
#define KWNOHANG    1
#define KWUNTRACED  2
#define KWCONTINUED 8

/* clock_gettime */
#define KCLOCK_REALTIME	 0
#define KCLOCK_MONOTONIC 1
#define KCLOCK_PROCESS	 2 /* what it ran, as of CLOCK_PROCESS_CPUTIME_ID */

/* getrusage */
#define KRUSAGE_SELF	 0
#define KRUSAGE_CHILDREN (-1)

/* utimens: tv_nsec */
#define KUTIME_NOW  0x3fffffff
#define KUTIME_OMIT 0x3ffffffe

/* limits */
#define KPATH_MAX 4096 /* bytes of a path, its NUL included */
#define KNAME_MAX 255  /* bytes of one component */
#define KARG_MAX                                                               \
	(256 * 1024) /* bytes of argv and envp together: strings, NULs, 8 a    \
			pointer */
#define KIOV_MAX 1024

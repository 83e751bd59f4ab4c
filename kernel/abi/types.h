/* Structures that cross the system-call boundary: Linux x86-64's layouts.
 * Padding is always zero. */
#pragma once

#include <stdint.h>

struct abi_timespec {
	int64_t tv_sec;
	int64_t tv_nsec;
};

struct abi_stat {
	uint64_t st_dev;
	uint64_t st_ino;
	uint64_t st_nlink;
	uint32_t st_mode;
	uint32_t st_uid;
	uint32_t st_gid;
	uint32_t pad0;
	uint64_t st_rdev;
	int64_t st_size;
	int64_t st_blksize;
	int64_t st_blocks; /* of 512 bytes */
	struct abi_timespec st_atim;
	struct abi_timespec st_mtim;
	struct abi_timespec st_ctim;
	int64_t pad1[3];
};

struct abi_statfs {
	int64_t f_type;
	int64_t f_bsize;
	uint64_t f_blocks; /* of f_frsize bytes */
	uint64_t f_bfree;
	uint64_t f_bavail;
	uint64_t f_files; /* 0: as many as there is space for */
	uint64_t f_ffree;
	int32_t f_fsid[2];
	int64_t f_namelen;
	int64_t f_frsize;
	int64_t f_flags;
	int64_t pad[4];
};

/* getdents gives these, each padded to 8 bytes. */
struct abi_dirent {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[]; /* NUL-terminated */
};

struct abi_iovec {
	uint64_t iov_base;
	uint64_t iov_len;
};

struct abi_pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};

struct abi_utsname {
	char sysname[65];
	char nodename[65];
	char release[65];
	char version[65];
	char machine[65];
	char domainname[65];
};

struct abi_rusage {
	int64_t ru_utime[2]; /* seconds, microseconds */
	int64_t ru_stime[2];
	int64_t ru_none[4]; /* 0, as the next */
	int64_t ru_minflt;
	int64_t ru_none_either[7];
	int64_t ru_nvcsw, ru_nivcsw;
};

struct abi_termios {
	uint32_t c_iflag;
	uint32_t c_oflag;
	uint32_t c_cflag;
	uint32_t c_lflag;
	uint8_t c_line;
	uint8_t c_cc[19];
};

struct abi_winsize {
	uint16_t ws_row;
	uint16_t ws_col;
	uint16_t ws_xpixel;
	uint16_t ws_ypixel;
};

/*
 * The note that every program of this system carries (PT_NOTE: name "Proctor",
 * type 1, a 4-byte description: version 1).  execve refuses an ELF file without
 * it (ENOEXEC).
 */
#define ABI_NOTE_NAME	 "Proctor"
#define ABI_NOTE_TYPE	 1
#define ABI_NOTE_VERSION 1

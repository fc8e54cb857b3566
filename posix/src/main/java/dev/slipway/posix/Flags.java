package dev.slipway.posix;

/** Constants of Linux system calls. */
final class Flags {
    static final int O_RDONLY = 0;
    static final int O_WRONLY = 1;
    static final int O_CREAT = 0100;
    static final int O_EXCL = 0200;
    static final int O_NONBLOCK = 04000;
    static final int O_DIRECTORY = Architecture.GENERIC ? 040000 : 0200000;
    static final int O_NOFOLLOW = Architecture.GENERIC ? 0100000 : 0400000;
    static final int O_CLOEXEC = 02000000;
    static final int O_PATH = 010000000;

    static final int AT_FDCWD = -100;
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_REMOVEDIR = 0x200;
    static final int AT_EMPTY_PATH = 0x1000;

    static final int RESOLVE_NO_MAGICLINKS = 0x02;
    static final int RESOLVE_NO_SYMLINKS = 0x04;
    static final int RESOLVE_BENEATH = 0x08;

    static final int RENAME_NOREPLACE = 1;
    static final int SEEK_SET = 0;
    static final int STATX_BASIC_STATS = 0x7ff;
    static final int UTIME_OMIT = (1 << 30) - 2;
    static final int SYNC_FILE_RANGE_WRITE = 2;
    static final int FALLOC_FL_KEEP_SIZE = 1;
    static final int LOCK_SH = 1;
    static final int LOCK_EX = 2;
    static final int LOCK_NB = 4;

    private Flags() {}
}

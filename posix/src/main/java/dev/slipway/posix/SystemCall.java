package dev.slipway.posix;

import java.util.Locale;

/**
 * The system calls in use, with their numbers on x86-64 and on the architectures that took the generic table (aarch64).
 *
 * @see <a href="https://man7.org/linux/man-pages/man2/syscalls.2.html">syscalls(2)</a>
 */
enum SystemCall {
    CLOSE(3, 57),
    FALLOCATE(285, 47),
    FCHMOD(91, 52),
    FCHMODAT(268, 53),
    FCHOWN(93, 55),
    FCHOWNAT(260, 54),
    FDATASYNC(75, 83),
    FGETXATTR(193, 10),
    FLOCK(73, 32),
    FREMOVEXATTR(199, 16),
    FSETXATTR(190, 7),
    FSYNC(74, 82),
    FTRUNCATE(77, 46),
    GETDENTS64(217, 61),
    GETEGID(108, 177),
    GETEUID(107, 175),
    LGETXATTR(192, 9),
    LINKAT(265, 37),
    LLISTXATTR(195, 12),
    LSEEK(8, 62),
    LSETXATTR(189, 6),
    MADVISE(28, 233),
    MKDIRAT(258, 34),
    MKNODAT(259, 33),
    MMAP(9, 222),
    MPROTECT(10, 226),
    MUNMAP(11, 215),
    OPENAT(257, 56),
    OPENAT2(437, 437),
    PWRITE64(18, 68),
    READ(0, 63),
    READLINKAT(267, 78),
    RENAMEAT2(316, 276),
    STATX(332, 291),
    SYMLINKAT(266, 36),
    SYNCFS(306, 267),
    SYNC_FILE_RANGE(277, 84),
    UNLINKAT(263, 35),
    UTIMENSAT(280, 88),
    WRITE(1, 64);

    final long number;

    SystemCall(int x64, int generic) {
        this.number = Architecture.GENERIC ? generic : x64;
    }

    /** Its name, for messages. */
    String words() {
        return name().toLowerCase(Locale.ROOT);
    }
}

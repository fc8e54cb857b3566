package dev.slipway.posix;

/** Why a system call failed, as far as callers tell reasons apart; the numbers are those of Linux. */
public enum Errno {
    PERM(1, "Operation not permitted"),
    NOENT(2, "No such file or directory"),
    IO(5, "Input/output error"),
    BADF(9, "Bad file descriptor"),
    AGAIN(11, "Resource temporarily unavailable"),
    NOMEM(12, "Cannot allocate memory"),
    ACCES(13, "Permission denied"),
    BUSY(16, "Device or resource busy"),
    EXIST(17, "File exists"),
    XDEV(18, "Invalid cross-device link"),
    NOTDIR(20, "Not a directory"),
    ISDIR(21, "Is a directory"),
    INVAL(22, "Invalid argument"),
    NFILE(23, "Too many open files in system"),
    MFILE(24, "Too many open files"),
    FBIG(27, "File too large"),
    NOSPC(28, "No space left on device"),
    ROFS(30, "Read-only file system"),
    MLINK(31, "Too many links"),
    RANGE(34, "Numerical result out of range"),
    NAMETOOLONG(36, "File name too long"),
    NOSYS(38, "Function not implemented"),
    NOTEMPTY(39, "Directory not empty"),
    LOOP(40, "Too many levels of symbolic links"),
    NODATA(61, "No data available"),
    OVERFLOW(75, "Value too large for defined data type"),
    ILSEQ(84, "Invalid or incomplete multibyte or wide character"),
    OPNOTSUPP(95, "Operation not supported"),
    DQUOT(122, "Disk quota exceeded"),
    /** Any other. */
    OTHER(0, "Unexpected error");

    private static final Errno[] VALUES = values();

    private final int number;
    private final String text;

    Errno(int number, String text) {
        this.number = number;
        this.text = text;
    }

    static Errno of(int number) {
        for (Errno errno : VALUES) {
            if (errno.number == number) {
                return errno;
            }
        }
        return OTHER;
    }

    int number() {
        return number;
    }

    /** The system's words for it. */
    public String text() {
        return text;
    }
}

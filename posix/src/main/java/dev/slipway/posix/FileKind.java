package dev.slipway.posix;

/** What a file is. */
public enum FileKind {
    FIFO(0010000),
    CHARACTER_DEVICE(0020000),
    DIRECTORY(0040000),
    BLOCK_DEVICE(0060000),
    FILE(0100000),
    SYMBOLIC_LINK(0120000),
    SOCKET(0140000);

    private static final int MASK = 0170000;
    private static final FileKind[] VALUES = values();

    final int bits;

    FileKind(int bits) {
        this.bits = bits;
    }

    static FileKind of(int mode) {
        for (FileKind kind : VALUES) {
            if (kind.bits == (mode & MASK)) {
                return kind;
            }
        }
        throw new IllegalArgumentException("mode " + Integer.toOctalString(mode));
    }
}

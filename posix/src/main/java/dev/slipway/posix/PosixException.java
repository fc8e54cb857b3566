package dev.slipway.posix;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A system call that failed. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_SHOWN = 200;

    private final Errno errno;

    PosixException(SystemCall call, String name, int number) {
        super(shown(name) + text(number) + " (" + call.words() + ")");
        this.errno = Errno.of(number);
    }

    private static String text(int number) {
        Errno errno = Errno.of(number);
        return errno == Errno.OTHER ? errno.text() + " " + number : errno.text();
    }

    private static String shown(String name) {
        if (name.isEmpty()) {
            return "";
        }
        byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
        String text = new String(bytes, 0, Math.min(bytes.length, MAX_SHOWN), StandardCharsets.UTF_8);
        return text.replaceAll("\\p{Cntrl}", "?") + ": ";
    }

    /** The reason. */
    public Errno errno() {
        return errno;
    }
}

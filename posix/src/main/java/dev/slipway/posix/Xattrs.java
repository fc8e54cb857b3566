package dev.slipway.posix;

import java.util.HashMap;
import java.util.Map;

/** Reads the extended attributes of what lies at a path. */
final class Xattrs {
    private Xattrs() {}

    static Map<String, byte[]> read(Scratch scratch, String path) throws PosixException {
        long address = Scratch.text(scratch.first, path);
        long length =
                Kernel.call(scratch, SystemCall.LLISTXATTR, address, scratch.buffer.address(), Scratch.BUFFER, 0, 0);
        if (length < 0) {
            PosixException failure = new PosixException(SystemCall.LLISTXATTR, path, (int) -length);
            if (failure.errno() == Errno.OPNOTSUPP) {
                return Map.of();
            }
            throw failure;
        }
        Map<String, byte[]> attributes = new HashMap<>();
        // Each name ends with a zero byte.
        for (String name : scratch.text(0, (int) length).split("\0")) {
            if (!name.isEmpty()) {
                value(scratch, address, name, attributes);
            }
        }
        return attributes;
    }

    private static void value(Scratch scratch, long path, String name, Map<String, byte[]> attributes)
            throws PosixException {
        long text = Scratch.text(scratch.second, name);
        long length =
                Kernel.call(scratch, SystemCall.LGETXATTR, path, text, scratch.buffer.address(), Scratch.BUFFER, 0);
        if (length >= 0) {
            attributes.put(name, scratch.bytes((int) length));
            return;
        }
        PosixException failure = new PosixException(SystemCall.LGETXATTR, name, (int) -length);
        if (failure.errno() != Errno.NODATA && failure.errno() != Errno.OPNOTSUPP) {
            throw failure;
        }
    }
}

package dev.slipway.oci.content;

import dev.slipway.posix.DirectoryHandle;
import dev.slipway.posix.FileHandle;
import dev.slipway.posix.Posix;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Has the system write a large file to disk while it still grows, so that little is left to wait for when it is synced. Only
 * about speed: where the system does not do that, nothing happens.
 */
final class EarlyWriting {
    private static final long STEP = 8L << 20;

    private final Path file;
    private @Nullable FileHandle handle;
    private boolean unable;
    private long started;

    EarlyWriting(Path file) {
        this.file = file;
    }

    /** Tells how long the file is by now. */
    void reached(long length) {
        if (unable || length - started < STEP) {
            return;
        }
        try {
            FileHandle present = handle;
            if (present == null) {
                if (!Posix.isAvailable()) {
                    unable = true;
                    return;
                }
                present = open();
                handle = present;
            }
            present.startWriting(started, length - started);
            started = length;
        } catch (IOException _) {
            unable = true;
        }
    }

    private FileHandle open() throws IOException {
        try (DirectoryHandle folder = DirectoryHandle.open(Folders.parent(file))) {
            return folder.openFile(DirectoryHandle.bytesOf(file.getFileName()));
        }
    }

    void close() throws IOException {
        unable = true;
        FileHandle present = handle;
        if (present != null) {
            handle = null;
            present.close();
        }
    }
}

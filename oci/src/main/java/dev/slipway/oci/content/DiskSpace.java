package dev.slipway.oci.content;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.BaseException;
import dev.slipway.base.ByteSize;
import dev.slipway.base.CodedException;
import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Explains writing that failed, and how much space it would have needed when that was why. */
final class DiskSpace {
    private DiskSpace() {}

    static CodedException explain(String attempted, Path file, long needed, IOException failure) {
        BaseException explained = AtomicFiles.explain(attempted, failure);
        if (!explained.code().equals("base.disk-full")) {
            return explained;
        }
        return new OciException(
                "oci.disk-full",
                ErrorKind.EXHAUSTED,
                "Could not " + attempted + ": the disk is full: " + new ByteSize(needed) + " more are needed and "
                        + free(file) + " are free in " + file.getParent() + ".",
                "Free some space, or set SLIPWAY_HOME to a folder on a larger disk.",
                failure);
    }

    private static ByteSize free(Path file) {
        try {
            return new ByteSize(Math.max(
                    0, Files.getFileStore(file.toAbsolutePath().getParent()).getUsableSpace()));
        } catch (IOException _) {
            return new ByteSize(0);
        }
    }
}

package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.oci.Descriptor;
import dev.slipway.oci.OciException;
import dev.slipway.oci.transport.Transport.BlobStream;
import java.io.IOException;
import java.util.OptionalLong;

/** Opens blobs that are files. */
final class BlobFiles {
    private BlobFiles() {}

    static BlobStream open(ImageFiles files, String name, Descriptor blob, long offset) {
        OptionalLong size = files.size(name);
        if (size.isEmpty()) {
            throw OciException.missing(
                    "oci.content-missing",
                    "Opening " + blob.digest() + " failed: it is not in " + files.description() + ".");
        }
        if (size.getAsLong() != blob.size()) {
            throw OciException.corrupt(
                    "oci.size-mismatch",
                    "Reading " + blob.digest() + " from " + files.description() + " failed: it has " + size.getAsLong()
                            + " bytes, not the " + blob.size() + " announced.");
        }
        try {
            return new BlobStream(files.open(name, offset), offset);
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + blob.digest() + " from " + files.description(), e);
        }
    }
}

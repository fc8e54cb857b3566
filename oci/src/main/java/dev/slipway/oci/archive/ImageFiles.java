package dev.slipway.oci.archive;

import dev.slipway.base.ByteSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/** The files that make up images: those of a folder or of a tar file. Names are relative, with slashes. */
interface ImageFiles extends AutoCloseable {
    /** Where they lie, for messages. */
    String description();

    /** The size of a file in bytes, or empty when there is no file of that name. */
    OptionalLong size(String name);

    default boolean has(String name) {
        return size(name).isPresent();
    }

    /** Opens a file that is there. */
    InputStream open(String name, long offset) throws IOException;

    /** Reads a small file whole. */
    default byte[] read(String name, ByteSize limit) {
        return SmallFiles.read(this, name, limit);
    }

    @Override
    void close();
}

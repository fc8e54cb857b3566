package dev.slipway.oci.archive;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ByteSize;
import dev.slipway.oci.OciException;
import java.io.IOException;
import java.io.InputStream;

/** Reads documents whole, whatever size their place claims for them. */
final class SmallFiles {
    private SmallFiles() {}

    static byte[] read(ImageFiles files, String name, ByteSize limit) {
        if (!files.has(name)) {
            throw OciException.corrupt(
                    "oci.invalid-archive",
                    "Reading " + files.description() + " failed: it holds no " + shown(name) + ".");
        }
        try (InputStream in = files.open(name, 0)) {
            byte[] bytes = in.readNBytes(Math.toIntExact(limit.bytes() + 1));
            if (bytes.length > limit.bytes()) {
                throw OciException.invalid(
                        "oci.document-too-large",
                        "Reading " + shown(name) + " in " + files.description() + " was refused: it is longer than the "
                                + limit + " allowed.");
            }
            return bytes;
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + shown(name) + " in " + files.description(), e);
        }
    }

    /** A foreign name as it may stand in a message. */
    static String shown(String name) {
        String printable = name.replaceAll("[^\\x20-\\x7e]", "?");
        return printable.length() > 200 ? printable.substring(0, 200) + "…" : printable;
    }
}

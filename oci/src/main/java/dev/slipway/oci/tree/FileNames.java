package dev.slipway.oci.tree;

import dev.slipway.base.ErrorKind;
import dev.slipway.oci.OciException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** From the bytes of names in an image to the paths of the JDK, which holds names as text. */
final class FileNames {
    private FileNames() {}

    static Path path(String bytes) {
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.getBytes(StandardCharsets.ISO_8859_1)))
                    .toString();
            return Path.of(text);
        } catch (CharacterCodingException e) {
            throw unrepresentable(bytes, "it is not UTF-8", "", e);
        } catch (InvalidPathException e) {
            throw unrepresentable(bytes, "this process runs in a locale that cannot hold it", "Set LC_ALL=C.UTF-8.", e);
        }
    }

    private static OciException unrepresentable(String bytes, String why, String hint, Exception cause) {
        String shown = bytes.replaceAll("[^\\x20-\\x7e]", "?");
        return new OciException(
                "oci.unrepresentable-name",
                ErrorKind.INVALID,
                "Unpacking '" + shown + "' failed: its name cannot be written, for " + why + ".",
                hint,
                cause);
    }
}

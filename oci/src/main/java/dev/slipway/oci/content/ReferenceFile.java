package dev.slipway.oci.content;

import dev.slipway.base.Digest;
import dev.slipway.oci.OciException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a reference lies: a folder for each part of its repository, and in it a file named by the tag or the digest. So a
 * repository's tags are listed without reading a file, and a person finds them too.
 *
 * <p>Bytes that are no letter, digit, dot, underscore or dash are written as a percent sign and two hexadecimal digits; so
 * is a dot at the beginning. A file's name begins with a sign that no folder's begins with: {@code :} before a tag,
 * {@code @} before a digest, {@code =} for neither. A tail that is too long for a file's name is written as its sha256,
 * and the file says what it is.
 */
final class ReferenceFile {
    private static final int MAX_FILE_NAME = 255;
    private static final int MAX_NAME = 2048;
    private static final String NO_TAIL = "=";

    private ReferenceFile() {}

    /** The file of a reference. */
    static Path path(Path root, String name) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw OciException.invalid(
                    "oci.invalid-reference", "A reference's name must have 1 to " + MAX_NAME + " characters.");
        }
        int tail = Reference.tailStart(name);
        return folder(root, name.substring(0, tail)).resolve(fileName(name.substring(tail)));
    }

    /** The folder of a repository's references. */
    static Path folder(Path root, String repository) {
        Path folder = root;
        for (String part : repository.split("/", -1)) {
            String encoded = part.isEmpty() ? "%" : encode(part, "");
            if (encoded.length() > MAX_FILE_NAME) {
                throw OciException.invalid(
                        "oci.invalid-reference",
                        "A part of the reference's name is too long for this disk: '" + part.substring(0, 32) + "…'.");
            }
            folder = folder.resolve(encoded);
        }
        return folder;
    }

    /** Whether a file in a reference folder is a reference, and not a folder or something being written. */
    static boolean isReference(String fileName) {
        char first = fileName.charAt(0);
        return first == ':' || first == '@' || first == '=';
    }

    /** The repository whose folder has these parts. */
    static String repository(Path relative) {
        StringBuilder repository = new StringBuilder();
        for (Path part : relative) {
            repository.append(repository.isEmpty() && part.equals(relative.getName(0)) ? "" : "/");
            repository.append(decode(part.toString()));
        }
        return repository.toString();
    }

    /** What follows the repository; empty when only the file itself knows. */
    static Optional<String> tail(String fileName) {
        if (fileName.charAt(0) != '=') {
            return Optional.of(fileName.charAt(0) + decode(fileName.substring(1)));
        }
        return fileName.equals(NO_TAIL) ? Optional.of("") : Optional.empty();
    }

    private static String fileName(String tail) {
        if (tail.isEmpty()) {
            return NO_TAIL;
        }
        String encoded = tail.charAt(0) + encode(tail.substring(1), ":@");
        return encoded.length() <= MAX_FILE_NAME
                ? encoded
                : NO_TAIL + Digest.sha256(tail).hex();
    }

    private static String encode(String text, String alsoPlain) {
        StringBuilder out = new StringBuilder(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            char c = (char) (bytes[i] & 0xff);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            boolean sign = c == '_' || c == '-' || (c == '.' && i > 0) || (i > 0 && c == ':');
            if (letter || sign || alsoPlain.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%').append(String.format("%02X", (int) c));
            }
        }
        return out.toString();
    }

    private static String decode(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[bytes.length];
        int length = 0;
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '%') {
                if (i + 2 < bytes.length) {
                    out[length++] = (byte) Integer.parseInt(text.substring(i + 1, i + 3), 16);
                }
                i += 2;
            } else {
                out[length++] = bytes[i];
            }
        }
        return new String(out, 0, length, StandardCharsets.UTF_8);
    }
}

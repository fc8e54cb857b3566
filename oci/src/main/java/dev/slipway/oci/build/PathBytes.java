package dev.slipway.oci.build;

import dev.slipway.oci.tar.TarHeader;
import java.nio.file.Path;

/**
 * The bytes that a path has on disk, one in each char, also where they are no text: the text of such a path has lost them,
 * and its address has not.
 */
final class PathBytes {
    private PathBytes() {}

    /** The bytes of a path below a folder, without the folder's. */
    static String below(Path folder, Path file) {
        String from = of(folder);
        String name = of(file);
        return name.substring(from.endsWith("/") ? from.length() : from.length() + 1);
    }

    /** The bytes of what a symbolic link holds. */
    static String ofTarget(Path target) {
        if (isAscii(target.toString())) {
            return target.toString();
        }
        return target.isAbsolute() ? of(target) : below(Path.of("").toAbsolutePath(), target);
    }

    private static String of(Path path) {
        String text = path.toAbsolutePath().toString();
        if (isAscii(text)) {
            return text;
        }
        return withoutEndingSlash(decoded(path.toUri().getRawPath()));
    }

    private static boolean isAscii(String text) {
        // Bytes that are no text show up as U+FFFD, or as a question mark where the locale knows ASCII only.
        return text.chars().allMatch(letter -> letter < 0x80 && letter != '?');
    }

    private static String withoutEndingSlash(String path) {
        return path.length() > 1 && path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }

    private static String decoded(String address) {
        StringBuilder bytes = new StringBuilder();
        for (int i = 0; i < address.length(); i++) {
            if (address.charAt(i) == '%') {
                bytes.append((char) Integer.parseInt(address.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                bytes.append(TarHeader.bytesOf(address.substring(i, i + 1)));
            }
        }
        return bytes.toString();
    }
}

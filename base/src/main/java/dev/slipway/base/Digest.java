package dev.slipway.base;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * A content digest, written {@code sha256:<64 hex>} or {@code sha512:<128 hex>}.
 *
 * @param algorithm {@code sha256} or {@code sha512}
 * @param hex lower-case hexadecimal
 * @see <a href="https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests">OCI image-spec,
 *     digests</a>
 */
public record Digest(String algorithm, String hex) {
    private static final Pattern LOWER_HEX = Pattern.compile("[0-9a-f]+");

    public Digest {
        int length = switch (algorithm) {
            case "sha256" -> 64;
            case "sha512" -> 128;
            default -> throw invalid(algorithm + ":" + hex, "the algorithm is not sha256 or sha512");
        };
        if (hex.length() != length || !LOWER_HEX.matcher(hex).matches()) {
            throw invalid(algorithm + ":" + hex, "expected " + length + " lower-case hexadecimal digits");
        }
    }

    /** Parses {@code algorithm:hex}. */
    public static Digest parse(String text) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            throw invalid(text, "expected algorithm:hex");
        }
        return new Digest(text.substring(0, colon), text.substring(colon + 1));
    }

    public static Digest sha256(byte[] bytes) {
        return of("sha256", hasher("sha256").digest(bytes));
    }

    public static Digest sha256(String text) {
        return sha256(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The digest of a whole file, read once. */
    public static Digest sha256(Path file) throws IOException {
        MessageDigest hasher = hasher("sha256");
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                hasher.update(buffer, 0, read);
            }
        }
        return of("sha256", hasher.digest());
    }

    /** Wraps a finished hash of the named algorithm. */
    public static Digest of(String algorithm, byte[] hash) {
        return new Digest(algorithm, HexFormat.of().formatHex(hash));
    }

    /** A fresh hasher for this digest's algorithm. */
    public MessageDigest hasher() {
        return hasher(algorithm);
    }

    /** A fresh hasher for {@code sha256} or {@code sha512}. */
    public static MessageDigest hasher(String algorithm) {
        String name = switch (algorithm) {
            case "sha256" -> "SHA-256";
            case "sha512" -> "SHA-512";
            default -> throw invalid(algorithm, "the algorithm is not sha256 or sha512");
        };
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has " + name, e);
        }
    }

    /** The first twelve digits, for people. */
    public String shortHex() {
        return hex.substring(0, 12);
    }

    @Override
    public String toString() {
        return algorithm + ":" + hex;
    }

    private static BaseException invalid(String text, String why) {
        String shown = text.length() > 160 ? text.substring(0, 160) + "…" : text;
        return new BaseException(
                "base.invalid-digest",
                ErrorKind.INVALID,
                "Digest '" + shown + "' is malformed: " + why + ".",
                "",
                null);
    }
}

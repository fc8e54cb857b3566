package dev.slipway.dist.fingerprint;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.Digest;
import dev.slipway.oci.build.ImageBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.stream.Stream;

/**
 * A digest over everything that a step's result depends on, kept beside the result. The packaging code itself is always
 * part of it: what older code has made is made again.
 */
public final class Fingerprint {
    private final MessageDigest digest = Digest.hasher("sha256");

    public Fingerprint() {
        addCodeOf(Fingerprint.class);
        addCodeOf(ImageBuilder.class);
    }

    /** Adds the jar or the folder of classes that a class was loaded from. */
    private void addCodeOf(Class<?> type) {
        Path code = Path.of(URI.create(
                type.getProtectionDomain().getCodeSource().getLocation().toString()));
        try (Stream<Path> files = Files.walk(code)) {
            files.filter(Files::isRegularFile).sorted().forEach(this::add);
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + code, e);
        }
    }

    /** Adds a word, such as an option. */
    public Fingerprint add(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
        digest.update(bytes);
        return this;
    }

    /** Adds a file's name and content. */
    public Fingerprint add(Path file) {
        add(String.valueOf(file.getFileName()));
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), digest)) {
            in.transferTo(out);
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + file, e);
        }
        return this;
    }

    /** The fingerprint as text; nothing may be added after. */
    public String text() {
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Whether a step that left its fingerprint in a file need not run again. */
    public static boolean matches(Path file, String fingerprint) {
        try {
            return Files.exists(file) && Files.readString(file).equals(fingerprint);
        } catch (IOException e) {
            return false;
        }
    }

    /** Leaves a step's fingerprint, as the step's last act. */
    public static void write(Path file, String fingerprint) {
        try {
            AtomicFiles.write(file, fingerprint.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw AtomicFiles.explain("write " + file, e);
        }
    }
}

package dev.slipway.registry;

import dev.slipway.base.Digest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** Names of uploads: 128 random bits, and a mark of the repository they belong to. */
final class UploadId {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}-[0-9a-f]{16}");
    private static final int RANDOM_BYTES = 16;
    private static final int MARK = 16;

    private UploadId() {}

    static String create(String repository) {
        byte[] random = new byte[RANDOM_BYTES];
        RANDOM.nextBytes(random);
        String own = HexFormat.of().formatHex(random);
        return own + "-" + mark(own, repository);
    }

    static boolean belongs(String id, String repository) {
        return FORM.matcher(id).matches() && id.endsWith(mark(id.substring(0, 2 * RANDOM_BYTES), repository));
    }

    private static String mark(String own, String repository) {
        return Digest.sha256(own + " " + repository).hex().substring(0, MARK);
    }
}

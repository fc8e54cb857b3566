package dev.slipway.server.openai;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Ids that clients only compare. */
final class Ids {
    private Ids() {}

    static String next(String prefix) {
        byte[] bytes = new byte[12];
        ThreadLocalRandom.current().nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }
}

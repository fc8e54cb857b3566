package dev.slipway.engine.tool;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;

/** Ids of calls: {@code call_} and 24 hexadecimal digits, which only need to differ within a conversation. */
final class CallIds {
    private CallIds() {}

    static String next() {
        byte[] random = new byte[12];
        ThreadLocalRandom.current().nextBytes(random);
        return "call_" + HexFormat.of().formatHex(random);
    }
}

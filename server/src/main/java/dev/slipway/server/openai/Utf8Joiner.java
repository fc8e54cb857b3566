package dev.slipway.server.openai;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Bytes that come in arbitrary pieces → text of whole characters; malformed bytes become replacement characters. */
final class Utf8Joiner {
    private static final int LONGEST_CHARACTER = 4;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private ByteBuffer rest = ByteBuffer.allocate(0);

    String push(byte[] bytes) {
        return decode(bytes, false);
    }

    /** The half character that never became whole, as its replacement. */
    String finish() {
        return decode(new byte[0], true);
    }

    private String decode(byte[] bytes, boolean last) {
        if (bytes.length == 0 && !last) {
            return "";
        }
        ByteBuffer in = ByteBuffer.allocate(rest.remaining() + bytes.length);
        in.put(rest).put(bytes).flip();
        CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_CHARACTER);
        decoder.decode(in, out, last);
        if (last) {
            decoder.flush(out);
        }
        rest = in.slice();
        return out.flip().toString();
    }
}

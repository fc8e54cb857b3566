package dev.slipway.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Joins the bytes of tokens into text, never giving out half a character. One per answer; for one thread.
 *
 * <p>Bytes that cannot become part of any UTF-8 character turn into U+FFFD as soon as that is certain.
 */
public final class StreamDecoder {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private byte[] held = new byte[0];

    /** Takes the next bytes; gives every character that they complete. */
    public String push(byte[] bytes) {
        return decode(bytes, false);
    }

    /** Ends the text; a character that was begun and never ended becomes U+FFFD. The decoder can be used again. */
    public String finish() {
        String rest = decode(new byte[0], true);
        decoder.reset();
        return rest;
    }

    private String decode(byte[] bytes, boolean end) {
        byte[] joined = Arrays.copyOf(held, held.length + bytes.length);
        System.arraycopy(bytes, 0, joined, held.length, bytes.length);
        ByteBuffer in = ByteBuffer.wrap(joined);
        CharBuffer out = CharBuffer.allocate(joined.length + 1);
        decoder.decode(in, out, end);
        if (end) {
            decoder.flush(out);
        }
        held = Arrays.copyOfRange(joined, in.position(), joined.length);
        return out.flip().toString();
    }
}

package dev.slipway.engine.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Takes bytes apart into what is UTF-8 and what is not. */
final class ByteRuns {
    private ByteRuns() {}

    /** Receives both, in order. */
    interface Sink {
        void text(String text);

        void strayByte(byte value);
    }

    static void split(byte[] input, Sink sink) {
        // A decoder reports what is malformed unless told otherwise.
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        ByteBuffer in = ByteBuffer.wrap(input);
        CharBuffer out = CharBuffer.allocate(input.length);
        while (in.hasRemaining()) {
            decoder.reset();
            CoderResult result = decoder.decode(in, out, true);
            out.flip();
            if (out.hasRemaining()) {
                sink.text(out.toString());
            }
            out.clear();
            for (int i = 0; result.isError() && i < result.length(); i++) {
                sink.strayByte(in.get());
            }
        }
    }
}

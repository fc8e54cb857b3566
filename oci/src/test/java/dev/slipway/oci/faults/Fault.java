package dev.slipway.oci.faults;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/** What goes wrong with one answer. */
public sealed interface Fault {
    /** Nothing. */
    Fault NONE = new None();

    /** The answer is right. */
    record None() implements Fault {}

    /** The connection ends after so many bytes of the body, as if it had been cut. */
    record Cut(long afterBytes) implements Fault {}

    /** The connection ends before an answer begins. */
    record Hangup() implements Fault {}

    /** Another status than the right one, with headers and a body. */
    record Status(int status, Map<String, String> headers, String body) implements Fault {
        public static Status of(int status) {
            return new Status(status, Map.of(), "told to answer " + status);
        }
    }

    /** The last byte of the body is another one. */
    record WrongBytes() implements Fault {}

    /** The body has so many bytes more, or less, than it should, and says so. */
    record WrongLength(long difference) implements Fault {}

    /** The body stops after so many bytes until the latch is released. */
    record Pause(long afterBytes, CountDownLatch release) implements Fault {}

    /** The body comes in pieces of that many bytes, with pauses between them. */
    record Slow(int piece, Duration pause) implements Fault {}

    /** The answer is elsewhere. */
    record Redirect(int status, String location) implements Fault {}

    /** A range is asked for and the whole is given. */
    record IgnoresRange() implements Fault {}

    /** The body is sent in chunks, without a length. */
    record Chunked() implements Fault {}

    /** Headers are added to the right answer, replacing those of the same name. */
    record Headers(List<Map.Entry<String, String>> headers) implements Fault {}
}

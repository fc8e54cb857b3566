package dev.slipway.fetch;

import java.time.Duration;

/**
 * How patient the client is.
 *
 * @param connect longest wait for a connection
 * @param answer longest wait for the head of an answer
 * @param stall longest silence inside a body
 * @param userAgent how the client names itself
 */
public record FetchOptions(Duration connect, Duration answer, Duration stall, String userAgent) {
    /** 10 s to connect, 60 s for an answer to begin, 30 s of silence inside a body. */
    public static FetchOptions defaults() {
        return new FetchOptions(Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(30), "slipway");
    }

    public FetchOptions withStall(Duration newStall) {
        return new FetchOptions(connect, answer, newStall, userAgent);
    }

    public FetchOptions withAnswer(Duration newAnswer) {
        return new FetchOptions(connect, newAnswer, stall, userAgent);
    }
}

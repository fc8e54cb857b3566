package dev.slipway.http;

import dev.slipway.base.CodedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Turns what a handler threw before its answer began into an error answer. */
@FunctionalInterface
public interface ErrorMapper {
    /** The message and the hint as text, under the status of {@link #statusOf}; other failures say only that they happened. */
    ErrorMapper PLAIN_TEXT = (failure, exchange) -> {
        String text = failure instanceof CodedException coded
                ? coded.getMessage() + (coded.hint().isEmpty() ? "" : "\n" + coded.hint())
                : "The server failed to answer request " + exchange.requestId() + ".";
        exchange.send(statusOf(failure), "text/plain; charset=utf-8", (text + "\n").getBytes(StandardCharsets.UTF_8));
    };

    /** Answers by one of the send methods of {@code exchange}. */
    void answer(Throwable failure, Exchange exchange) throws IOException;

    /** The status that fits a failure best: its own for an {@link HttpException}, else by its kind, else 500. */
    static int statusOf(Throwable failure) {
        return switch (failure) {
            case HttpException http -> http.status();
            case CodedException coded ->
                switch (coded.kind()) {
                    case INVALID -> 400;
                    case NOT_FOUND -> 404;
                    case DENIED -> 403;
                    case CONFLICT -> 409;
                    case UNREACHABLE -> 503;
                    case EXHAUSTED -> 507;
                    case CANCELLED -> 499;
                    case FAILURE, CORRUPT -> 500;
                };
            default -> 500;
        };
    }
}

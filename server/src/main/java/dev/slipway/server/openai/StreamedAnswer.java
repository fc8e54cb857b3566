package dev.slipway.server.openai;

import dev.slipway.base.Cancellation;
import dev.slipway.http.Exchange;
import java.io.IOException;
import java.time.Duration;

/** The frame around every streamed answer: heartbeats, the error event, the last word. */
final class StreamedAnswer {
    private static final String DONE = "[DONE]";

    private StreamedAnswer() {}

    /** Writes the events of an answer. */
    interface Body {
        void write(AnswerEvents events) throws IOException;
    }

    /**
     * Sends an answer. What fails before the first event is thrown, to be answered with its own status; after that it
     * becomes an event, and the stream ends without {@code [DONE]}.
     *
     * @param cancellation cancelled when the client leaves
     */
    static void send(Exchange exchange, Duration heartbeat, Cancellation cancellation, Body body) throws IOException {
        try (AnswerEvents events = new AnswerEvents(exchange, heartbeat, cancellation::cancel)) {
            try {
                body.write(events);
                events.data(DONE);
            } catch (RuntimeException e) {
                if (events.giveUpBeforeBegin()) {
                    throw e;
                }
                OpenAiErrors.note(exchange, e);
                events.data(
                        JsonBodies.write(ApiError.of(e, exchange.requestId()).toJson()));
            } catch (IOException e) {
                cancellation.cancel();
                throw e;
            }
        }
    }
}

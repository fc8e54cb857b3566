package dev.slipway.http;

import java.io.IOException;

/** Answers one request, blocking as long as it needs, on a virtual thread of its own. */
@FunctionalInterface
public interface Handler {
    /**
     * Answers by one of the send methods. What is thrown before the answer began is turned into an error answer by the
     * server's error mapper; after that the connection is aborted.
     *
     * @throws IOException when the client has gone
     */
    void handle(Exchange exchange) throws IOException;
}

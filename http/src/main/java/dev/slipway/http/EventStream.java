package dev.slipway.http;

import java.io.IOException;

/**
 * A stream of server-sent events, each flushed at once; safe from several threads. Writing fails once the client has
 * gone, which shows at the next write or the one after it.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">the event stream format</a>
 */
public interface EventStream extends AutoCloseable {
    /** Sends {@code data: <data>}, a line per line of {@code data}. */
    void data(String data) throws IOException;

    /** Sends a named event. */
    void event(String name, String data) throws IOException;

    /** Sends a comment, which clients ignore: it keeps the connection open and finds out whether the client is there. */
    void heartbeat() throws IOException;

    @Override
    void close() throws IOException;
}

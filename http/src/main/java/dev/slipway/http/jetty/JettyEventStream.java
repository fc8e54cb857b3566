package dev.slipway.http.jetty;

import dev.slipway.http.EventStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.BufferUtil;

/** Writes server-sent events, one event a write. */
final class JettyEventStream implements EventStream {
    private static final Pattern LINE_BREAK = Pattern.compile("\r\n|\r|\n");

    private final JettyExchange exchange;
    private final ReentrantLock lock = new ReentrantLock();

    JettyEventStream(JettyExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void data(String data) throws IOException {
        StringBuilder event = new StringBuilder(data.length() + 8);
        appendData(event, data);
        send(event.append('\n'));
    }

    @Override
    public void event(String name, String data) throws IOException {
        if (LINE_BREAK.matcher(name).find()) {
            throw new IllegalArgumentException("an event's name is one line");
        }
        StringBuilder event = new StringBuilder("event: ").append(name).append('\n');
        appendData(event, data);
        send(event.append('\n'));
    }

    @Override
    public void heartbeat() throws IOException {
        send(new StringBuilder(":\n\n"));
    }

    private static void appendData(StringBuilder event, String data) {
        for (String line : LINE_BREAK.split(data, -1)) {
            event.append("data: ").append(line).append('\n');
        }
    }

    private void send(StringBuilder event) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(event.toString().getBytes(StandardCharsets.UTF_8));
        lock.lock();
        try {
            exchange.write(false, bytes);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() throws IOException {
        lock.lock();
        try {
            exchange.end(BufferUtil.EMPTY_BUFFER);
        } finally {
            lock.unlock();
        }
    }
}

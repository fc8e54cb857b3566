package dev.slipway.http.jetty;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.util.BufferUtil;

/** The body of an answer, each write sent at once. */
final class BodyStream extends OutputStream {
    private final JettyExchange exchange;

    BodyStream(JettyExchange exchange) {
        this.exchange = exchange;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        exchange.write(false, ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public void close() throws IOException {
        exchange.end(BufferUtil.EMPTY_BUFFER);
    }
}

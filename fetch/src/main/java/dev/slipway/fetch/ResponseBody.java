package dev.slipway.fetch;

import dev.slipway.base.Cancellation;
import dev.slipway.fetch.wire.BodyStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A body whose failures say what they mean: a silence that lasted too long, a broken connection, a cancel. */
final class ResponseBody extends InputStream {
    private final FetchException.Subject subject;
    private final BodyStream in;
    private final Duration patience;
    private final Cancellation cancellation;

    ResponseBody(FetchException.Subject subject, BodyStream in, Duration patience, Cancellation cancellation) {
        this.subject = subject;
        this.in = in;
        this.patience = patience;
        this.cancellation = cancellation;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int from, int length) {
        cancellation.throwIfCancelled();
        try {
            return in.read(buffer, from, length);
        } catch (SocketTimeoutException e) {
            cancellation.throwIfCancelled();
            throw FetchException.stalled(subject, patience, e);
        } catch (IOException e) {
            cancellation.throwIfCancelled();
            throw FetchException.unreachable(subject, "the connection broke (" + e.getMessage() + ")", e);
        }
    }

    @Override
    public void close() {
        in.close();
    }
}

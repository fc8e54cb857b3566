package dev.slipway.registry;

import dev.slipway.base.ByteSize;
import dev.slipway.http.Exchange;
import dev.slipway.oci.content.Staging;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeoutException;

/** Takes a request's body into a staging, in memory that does not grow with it. */
final class UploadBody {
    private static final int BUFFER = 1 << 18;

    private UploadBody() {}

    /** Whatever came before the client left, or fell silent, is kept. */
    static void receive(Exchange exchange, Staging staging, ByteSize most) throws IOException {
        long announced = exchange.contentLength().orElse(Long.MAX_VALUE);
        if (announced == 0) {
            return;
        }
        byte[] buffer = new byte[(int) Math.min(BUFFER, announced)];
        try (InputStream in = exchange.unlimitedBody()) {
            int filled = 0;
            try {
                for (int read = in.read(buffer, 0, buffer.length); read >= 0; ) {
                    filled += read;
                    if (filled == buffer.length) {
                        write(staging, buffer, filled, most);
                        filled = 0;
                    }
                    read = in.read(buffer, filled, buffer.length - filled);
                }
            } finally {
                write(staging, buffer, filled, most);
            }
        } catch (IOException e) {
            if (e instanceof SocketTimeoutException || e.getCause() instanceof TimeoutException) {
                throw RegistryException.timeout("The client sent nothing for too long.");
            }
            throw e;
        }
    }

    private static void write(Staging staging, byte[] buffer, int length, ByteSize most) {
        if (staging.offset() + length > most.bytes()) {
            throw RegistryException.tooLarge("A blob has at most " + most + " here.");
        }
        if (length > 0) {
            staging.write(buffer, 0, length);
        }
    }
}

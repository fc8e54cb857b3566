package dev.slipway.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/**
 * What a request carries. It may be opened several times: a redirect, or a connection that had gone stale, makes the
 * request be sent again.
 *
 * @param length in bytes, or {@link #UNKNOWN} to send until the stream ends
 */
public record FetchBody(long length, Content content) {
    public static final long UNKNOWN = -1;

    /** Nothing. */
    public static final FetchBody NONE = new FetchBody(0, InputStream::nullInputStream);

    /** Opens the bytes from the start. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }

    public FetchBody {
        if (length < UNKNOWN) {
            throw new IllegalArgumentException("negative length: " + length);
        }
    }

    public static FetchBody of(byte[] bytes) {
        return new FetchBody(bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    public static FetchBody of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }
}

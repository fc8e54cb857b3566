package dev.slipway.fetch.wire;

import java.io.IOException;

/** The source of a request's body failed, not the line. */
public final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    SourceException(String message) {
        super(message);
    }
}

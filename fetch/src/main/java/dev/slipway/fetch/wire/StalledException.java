package dev.slipway.fetch.wire;

import java.io.IOException;

/** The peer took nothing more of a request for too long. */
public final class StalledException extends IOException {
    private static final long serialVersionUID = 1L;

    StalledException(Throwable cause) {
        super("nothing more was taken", cause);
    }
}

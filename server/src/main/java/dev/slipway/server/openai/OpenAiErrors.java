package dev.slipway.server.openai;

import dev.slipway.base.CodedException;
import dev.slipway.http.ErrorMapper;
import dev.slipway.http.Exchange;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Answers errors in OpenAI's shape, and logs those that are the server's own. */
public final class OpenAiErrors implements ErrorMapper {
    private static final Logger LOG = System.getLogger(OpenAiErrors.class.getName());

    @Override
    public void answer(Throwable failure, Exchange exchange) throws IOException {
        note(exchange, failure);
        ApiError error = ApiError.of(failure, exchange.requestId());
        if (error.status() == 503) {
            exchange.respondHeader("Retry-After", "2");
        }
        JsonBodies.send(exchange, error.status(), error.toJson());
    }

    static void note(Exchange exchange, Throwable failure) {
        String request = "request " + exchange.requestId() + " " + exchange.method() + " " + exchange.path() + ": ";
        if (failure instanceof CodedException coded) {
            Level level = ErrorMapper.statusOf(coded) >= 500 ? Level.WARNING : Level.DEBUG;
            LOG.log(level, request + coded.code() + ": " + coded.getMessage());
        } else {
            LOG.log(Level.ERROR, request + "failed in a way that nobody foresaw", failure);
        }
    }
}

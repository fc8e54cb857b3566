package dev.slipway.http.jetty;

import dev.slipway.base.ByteSize;
import dev.slipway.http.ErrorMapper;
import dev.slipway.http.Handler;
import dev.slipway.http.HttpException;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Hands each request to the handler, maps what it throws, and counts what is running. */
final class RequestDispatcher extends org.eclipse.jetty.server.Handler.Abstract {
    private static final Logger LOG = System.getLogger(RequestDispatcher.class.getName());

    private final Handler handler;
    private final ErrorMapper errors;
    private final ByteSize maxBody;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ended = lock.newCondition();
    private int running;
    private volatile boolean draining;

    RequestDispatcher(Handler handler, ErrorMapper errors, ByteSize maxBody) {
        this.handler = handler;
        this.errors = errors;
        this.maxBody = maxBody;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        count(1);
        try {
            // A handler that computes for long writes nothing meanwhile; only reads and writes that hang time out.
            request.addIdleTimeoutListener(_ -> false);
            if (draining) {
                response.getHeaders().put(HttpHeader.CONNECTION, "close");
            }
            JettyExchange exchange = new JettyExchange(request, response, maxBody);
            exchange.respondHeader("X-Request-Id", exchange.requestId());
            run(exchange, callback);
        } finally {
            count(-1);
        }
        return true;
    }

    private void run(JettyExchange exchange, Callback callback) {
        try {
            try {
                refuseDotSegments(exchange.path());
                handler.handle(exchange);
                exchange.finish();
            } catch (RuntimeException | Error failure) {
                if (exchange.begun()) {
                    throw failure;
                }
                note(exchange, failure);
                errors.answer(failure, exchange);
                exchange.finish();
            }
            callback.succeeded();
        } catch (IOException gone) {
            LOG.log(Level.DEBUG, "request {0}: the client has gone: {1}", exchange.requestId(), gone.getMessage());
            callback.failed(gone);
        } catch (RuntimeException | Error failure) {
            note(exchange, failure);
            callback.failed(failure);
        }
    }

    /** Names are matched as they came, so a path that climbs is never meant well. */
    private static void refuseDotSegments(String path) {
        if (Arrays.stream(path.split("/", -1)).anyMatch(segment -> segment.equals(".") || segment.equals(".."))) {
            throw HttpException.badRequest(
                    "http.bad-path", "The path holds a '.' or '..' segment: " + path, "Send the resolved path.");
        }
    }

    private static void note(JettyExchange exchange, Throwable failure) {
        LOG.log(
                Level.DEBUG,
                "request " + exchange.requestId() + " " + exchange.method() + " " + exchange.path(),
                failure);
    }

    int running() {
        lock.lock();
        try {
            return running;
        } finally {
            lock.unlock();
        }
    }

    /** Waits for running requests to end; returns whether all did. */
    boolean drain(Duration patience) {
        draining = true;
        long left = patience.toNanos();
        lock.lock();
        try {
            while (running > 0 && left > 0) {
                left = ended.awaitNanos(left);
            }
            return running == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void count(int change) {
        lock.lock();
        try {
            running += change;
            ended.signalAll();
        } finally {
            lock.unlock();
        }
    }
}

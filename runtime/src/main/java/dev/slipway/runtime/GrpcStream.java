package dev.slipway.runtime;

import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One call: what arrives is queued by the transport's thread and taken by the caller's. */
final class GrpcStream<Q, A> extends ClientCall.Listener<A> implements BackendStream<A> {
    /** Messages that may be under way before the reader takes one: enough to keep a stream of tokens flowing. */
    private static final int WINDOW = 32;

    private final ClientCall<Q, A> call;
    private final CallErrors errors;
    private final Duration patience;
    private final BlockingQueue<Event<A>> events = new LinkedBlockingQueue<>();
    private @Nullable Event<A> head;

    private sealed interface Event<A> {
        record Message<A>(A value) implements Event<A> {}

        record End<A>(Status status, Metadata trailers) implements Event<A> {}
    }

    private GrpcStream(ClientCall<Q, A> call, CallErrors errors, Duration patience) {
        this.call = call;
        this.errors = errors;
        this.patience = patience;
    }

    /**
     * Sends a request.
     *
     * @param patience the longest wait for one message
     */
    static <Q, A> GrpcStream<Q, A> open(ClientCall<Q, A> call, Q request, CallErrors errors, Duration patience) {
        GrpcStream<Q, A> stream = new GrpcStream<>(call, errors, patience);
        call.start(stream, new Metadata());
        call.request(WINDOW);
        call.sendMessage(request);
        call.halfClose();
        return stream;
    }

    @Override
    public void onMessage(A message) {
        events.add(new Event.Message<>(message));
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        events.add(new Event.End<>(status, trailers));
    }

    @Override
    public boolean hasNext() {
        return switch (peek()) {
            case Event.Message<A> _ -> true;
            case Event.End<A> end -> {
                if (!end.status.isOk()) {
                    throw errors.of(end.status, end.trailers);
                }
                yield false;
            }
        };
    }

    @Override
    public A next() {
        if (!hasNext() || !(head instanceof Event.Message<A>(A value))) {
            throw new NoSuchElementException("the call has ended");
        }
        head = null;
        call.request(1);
        return value;
    }

    /** The one answer of a unary call. */
    A single() {
        if (!hasNext()) {
            throw errors.of(Status.INTERNAL.withDescription("the call ended without an answer"), new Metadata());
        }
        A answer = next();
        if (hasNext()) {
            close();
            throw errors.of(Status.INTERNAL.withDescription("more than one answer"), new Metadata());
        }
        return answer;
    }

    @Override
    public void close() {
        // Does nothing to a call that has ended.
        call.cancel("closed by the caller", null);
    }

    private Event<A> peek() {
        Event<A> event = head;
        if (event == null) {
            event = take();
            head = event;
        }
        return event;
    }

    private Event<A> take() {
        try {
            Event<A> event = events.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
            if (event != null) {
                return event;
            }
            close();
            return new Event.End<>(
                    Status.DEADLINE_EXCEEDED.withDescription("no message for " + patience.toSeconds() + " s"),
                    new Metadata());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            return new Event.End<>(Status.CANCELLED.withDescription("interrupted"), new Metadata());
        }
    }
}

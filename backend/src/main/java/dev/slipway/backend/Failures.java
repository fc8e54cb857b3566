package dev.slipway.backend;

import dev.slipway.base.CodedException;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.RejectedExecutionException;

/** Errors → gRPC statuses. The error's own code travels in the trailer {@value #CODE_TRAILER}. */
final class Failures {
    /** Name of the trailer that holds the stable code, such as {@code engine.context-overflow}. */
    static final String CODE_TRAILER = "slipway-code";

    static final Metadata.Key<String> CODE = Metadata.Key.of(CODE_TRAILER, Metadata.ASCII_STRING_MARSHALLER);

    /** Clients limit the size of all trailers together, commonly to 8 KiB; a longer text would hide the status. */
    private static final int LONGEST_DESCRIPTION = 1024;

    private static final System.Logger LOG = System.getLogger(Failures.class.getName());

    private Failures() {}

    static StatusRuntimeException status(Throwable failure) {
        return switch (failure) {
            case CodedException coded -> {
                Metadata trailers = new Metadata();
                trailers.put(CODE, coded.code());
                yield status(coded).withDescription(shorten(text(coded))).asRuntimeException(trailers);
            }
            case StatusRuntimeException already -> already;
            case RejectedExecutionException e ->
                Status.UNAVAILABLE.withDescription("The backend is stopping.").asRuntimeException();
            case OutOfMemoryError e ->
                Status.RESOURCE_EXHAUSTED
                        .withDescription("The backend ran out of memory; load the model with a smaller context.")
                        .asRuntimeException();
            default -> {
                LOG.log(System.Logger.Level.DEBUG, "a call failed in a way that nobody foresaw", failure);
                yield Status.INTERNAL
                        .withDescription(shorten("The backend failed: " + failure + "."))
                        .asRuntimeException();
            }
        };
    }

    /** What happened and what to do, on one line. */
    static String text(CodedException failure) {
        return failure.hint().isEmpty() ? failure.getMessage() : failure.getMessage() + " " + failure.hint();
    }

    private static Status status(CodedException failure) {
        return switch (failure.kind()) {
            case INVALID -> Status.INVALID_ARGUMENT;
            case NOT_FOUND -> Status.NOT_FOUND;
            case DENIED -> Status.PERMISSION_DENIED;
            case UNREACHABLE -> Status.UNAVAILABLE;
            case CORRUPT -> Status.DATA_LOSS;
            // No model, or another load under way: the call fits once the state of the process has changed.
            case CONFLICT -> Status.FAILED_PRECONDITION;
            case EXHAUSTED -> Status.RESOURCE_EXHAUSTED;
            case CANCELLED -> Status.CANCELLED;
            case FAILURE -> Status.INTERNAL;
        };
    }

    private static String shorten(String text) {
        return text.length() <= LONGEST_DESCRIPTION ? text : text.substring(0, LONGEST_DESCRIPTION) + "…";
    }
}

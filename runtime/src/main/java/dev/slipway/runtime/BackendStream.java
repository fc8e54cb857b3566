package dev.slipway.runtime;

import java.util.Iterator;

/**
 * The answers of one call, as they come. Closing before the end cancels the call, and the backend stops working on it.
 *
 * <p>{@link #hasNext} and {@link #next} wait; both throw {@link BackendException} when the call fails. For one thread
 * at a time, except {@link #close}, which any thread may call at any time.
 */
public interface BackendStream<T> extends Iterator<T>, AutoCloseable {
    @Override
    void close();
}

package dev.slipway.fetch.wire;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Keeps connections for the next request to the same place. */
final class ConnectionPool implements AutoCloseable {
    private static final int MAX_IDLE = 8;
    /** Servers close idle connections too, most of them later than this. */
    private static final Duration LONGEST_REST = Duration.ofSeconds(20);
    /** After so long it is worth a look whether the peer is still there. */
    private static final Duration TRUSTED = Duration.ofMillis(500);

    private final ReentrantLock lock = new ReentrantLock();
    private final Map<Route, Deque<Connection>> resting = new HashMap<>();
    private final Set<Connection> open = new HashSet<>();
    private boolean closed;

    Optional<Connection> take(Route route) {
        for (Connection next = poll(route); next != null; next = poll(route)) {
            Duration idle = next.idle();
            if (idle.compareTo(LONGEST_REST) < 0 && (idle.compareTo(TRUSTED) < 0 || next.fresh())) {
                return Optional.of(next);
            }
            drop(next);
        }
        return Optional.empty();
    }

    private @Nullable Connection poll(Route route) {
        lock.lock();
        try {
            Deque<Connection> connections = resting.get(route);
            return connections == null ? null : connections.pollLast();
        } finally {
            lock.unlock();
        }
    }

    /** Notes a new connection, so that closing the pool closes it. */
    void add(Connection connection) {
        lock.lock();
        try {
            if (!closed) {
                open.removeIf(Connection::aborted);
                open.add(connection);
                return;
            }
        } finally {
            lock.unlock();
        }
        connection.abort();
    }

    void giveBack(Connection connection) {
        connection.rest();
        lock.lock();
        try {
            Deque<Connection> connections = resting.computeIfAbsent(connection.route(), _ -> new ArrayDeque<>());
            if (!closed && !connection.aborted() && connections.size() < MAX_IDLE) {
                connections.addLast(connection);
                return;
            }
        } finally {
            lock.unlock();
        }
        drop(connection);
    }

    void drop(Connection connection) {
        connection.abort();
        lock.lock();
        try {
            open.remove(connection);
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Set<Connection> all;
        lock.lock();
        try {
            closed = true;
            all = Set.copyOf(open);
            open.clear();
            resting.clear();
        } finally {
            lock.unlock();
        }
        all.forEach(Connection::abort);
    }
}

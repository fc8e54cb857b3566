package dev.slipway.backend.process;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Ends this process when the one that started it is gone, so that a host killed without warning leaves no backend
 * behind.
 *
 * <p>Environment: {@code LOCALAI_BACKEND_PARENT_WATCH} (on unless {@code 0}, {@code false}, {@code off} or {@code no}),
 * {@code LOCALAI_BACKEND_PARENT_WATCH_INTERVAL} (such as {@code 2s} or {@code 500ms}), and {@code SLIPWAY_PARENT_PID}:
 * a host that gives its own pid closes the gap in which it dies before the watch has begun.
 */
public final class ParentWatch {
    private static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(2);
    private static final Set<String> OFF = Set.of("0", "false", "off", "no");

    private final OptionalLong parent;
    private final Duration interval;
    private final Runnable onOrphaned;

    private ParentWatch(OptionalLong parent, Duration interval, Runnable onOrphaned) {
        this.parent = parent;
        this.interval = interval;
        this.onOrphaned = onOrphaned;
    }

    /** Starts the watch that the environment asks for, on a thread that keeps nothing alive. */
    public static void start(Map<String, String> environment, Runnable onOrphaned) {
        String wanted = environment.getOrDefault("LOCALAI_BACKEND_PARENT_WATCH", "");
        if (OFF.contains(wanted.strip().toLowerCase(Locale.ROOT))) {
            return;
        }
        Duration interval = Intervals.parse(environment.getOrDefault("LOCALAI_BACKEND_PARENT_WATCH_INTERVAL", ""))
                .orElse(DEFAULT_INTERVAL);
        OptionalLong parent = given(environment);
        ParentWatch watch = new ParentWatch(parent.isPresent() ? parent : current(), interval, onOrphaned);
        Thread.ofPlatform().daemon().name("parent-watch").start(watch::run);
    }

    private void run() {
        while (current().equals(parent)) {
            LockSupport.parkNanos(interval.toNanos());
        }
        onOrphaned.run();
    }

    private static OptionalLong current() {
        return ProcessHandle.current()
                .parent()
                .map(handle -> OptionalLong.of(handle.pid()))
                .orElse(OptionalLong.empty());
    }

    private static OptionalLong given(Map<String, String> environment) {
        try {
            return OptionalLong.of(Long.parseLong(
                    environment.getOrDefault("SLIPWAY_PARENT_PID", "").strip()));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}

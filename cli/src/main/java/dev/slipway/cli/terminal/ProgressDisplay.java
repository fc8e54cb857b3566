package dev.slipway.cli.terminal;

import dev.slipway.base.ByteSize;
import dev.slipway.base.ProgressListener;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Shows steps on {@code err}: on a terminal a line per running step that is drawn again, elsewhere a line when a step
 * ends and a sign of life for long ones.
 */
public final class ProgressDisplay implements ProgressListener, AutoCloseable {
    private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long SIGN_OF_LIFE_NANOS = TimeUnit.SECONDS.toNanos(10);
    /** Below this, numbers may be counts of things and not of bytes, and say little either way. */
    private static final long LEAST_BYTES = 4096;

    private final PrintStream out;
    private final boolean redraws;
    private final boolean colour;
    private final int width;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Progress> running = new LinkedHashMap<>();
    private final Map<String, Long> ended = new LinkedHashMap<>();
    private int drawn;
    private long lastDraw;

    public ProgressDisplay(Console console) {
        this.out = console.err();
        this.redraws = console.redrawsErrors();
        this.colour = console.colourErr();
        this.width = console.width();
        this.lastDraw = System.nanoTime();
    }

    @Override
    public void onProgress(Progress progress) {
        lock.lock();
        try {
            if (progress.finished()) {
                finish(progress);
            } else if (!ended.containsKey(progress.step())) {
                running.put(progress.step(), progress);
                draw(false);
            }
        } finally {
            lock.unlock();
        }
    }

    private void finish(Progress progress) {
        running.remove(progress.step());
        Long before = ended.put(progress.step(), progress.total());
        if (before == null) {
            erase();
            out.println(Style.GREEN.on("  ok ", colour) + " " + line(progress.step(), amount(progress.total())));
        }
        draw(true);
    }

    private void draw(boolean now) {
        long time = System.nanoTime();
        long pause = redraws ? REDRAW_NANOS : SIGN_OF_LIFE_NANOS;
        if (!(now && redraws) && time - lastDraw < pause) {
            return;
        }
        lastDraw = time;
        erase();
        for (Progress progress : running.values()) {
            out.println("  ..  " + line(progress.step(), share(progress)));
            drawn += redraws ? 1 : 0;
        }
        out.flush();
    }

    private void erase() {
        if (drawn > 0) {
            out.print("\u001b[" + drawn + "A\u001b[J");
            drawn = 0;
        }
    }

    private String line(String step, String figures) {
        int room = Math.max(20, width - figures.length() - 9);
        String name = step.length() > room ? step.substring(0, room - 1) + "…" : step;
        return figures.isEmpty() ? name : name + " " + figures;
    }

    private static String share(Progress progress) {
        if (progress.total() <= 0) {
            return amount(progress.done());
        }
        long percent = Math.min(99, progress.done() * 100 / progress.total());
        if (progress.total() < LEAST_BYTES) {
            return percent + " %";
        }
        return new ByteSize(progress.done()) + " of " + new ByteSize(progress.total()) + " (" + percent + " %)";
    }

    private static String amount(long number) {
        return number < LEAST_BYTES ? "" : new ByteSize(number).toString();
    }

    /** Leaves the finished steps and clears the running ones. */
    @Override
    public void close() {
        lock.lock();
        try {
            running.clear();
            erase();
            out.flush();
        } finally {
            lock.unlock();
        }
    }
}

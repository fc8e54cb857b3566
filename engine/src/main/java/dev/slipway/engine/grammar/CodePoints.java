package dev.slipway.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A set of characters. Surrogates, which no text of bytes can hold, are never in it. */
public final class CodePoints {
    private static final int LAST = Character.MAX_CODE_POINT;

    /** Every character. */
    public static final CodePoints ALL = range(0, LAST);

    /** None. */
    public static final CodePoints NONE = new CodePoints(new int[0]);

    /** First and last of each run of characters, in order, with gaps between. */
    private final int[] bounds;

    private CodePoints(int[] bounds) {
        this.bounds = bounds;
    }

    /** All from the first to the last, both included. */
    public static CodePoints range(int first, int last) {
        List<int[]> runs = new ArrayList<>();
        addRun(runs, first, Math.min(last, Character.MIN_SURROGATE - 1));
        addRun(runs, Math.max(first, Character.MAX_SURROGATE + 1), last);
        return of(runs);
    }

    /** The characters of a text. */
    public static CodePoints of(String text) {
        List<int[]> runs = new ArrayList<>();
        text.codePoints().forEach(point -> addRun(runs, point, point));
        return of(runs);
    }

    private static void addRun(List<int[]> runs, int first, int last) {
        if (first <= last) {
            runs.add(new int[] {first, last});
        }
    }

    private static CodePoints of(List<int[]> runs) {
        runs.sort((a, b) -> Integer.compare(a[0], b[0]));
        int[] bounds = new int[2 * runs.size()];
        int size = 0;
        for (int[] run : runs) {
            if (size > 0 && run[0] <= bounds[size - 1] + 1) {
                bounds[size - 1] = Math.max(bounds[size - 1], run[1]);
            } else {
                bounds[size++] = run[0];
                bounds[size++] = run[1];
            }
        }
        return new CodePoints(Arrays.copyOf(bounds, size));
    }

    public CodePoints or(CodePoints other) {
        return union(List.of(this, other));
    }

    /** Every character that one of several has. */
    public static CodePoints union(List<CodePoints> several) {
        List<int[]> runs = new ArrayList<>();
        several.forEach(points -> runs.addAll(points.runs()));
        return of(runs);
    }

    public CodePoints and(CodePoints other) {
        List<int[]> runs = new ArrayList<>();
        int a = 0;
        int b = 0;
        while (a < bounds.length && b < other.bounds.length) {
            addRun(runs, Math.max(bounds[a], other.bounds[b]), Math.min(bounds[a + 1], other.bounds[b + 1]));
            if (bounds[a + 1] < other.bounds[b + 1]) {
                a += 2;
            } else {
                b += 2;
            }
        }
        return of(runs);
    }

    /** Every character that is not in it. */
    public CodePoints not() {
        List<int[]> runs = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < bounds.length; i += 2) {
            addRun(runs, from, bounds[i] - 1);
            from = bounds[i + 1] + 1;
        }
        addRun(runs, from, LAST);
        return of(runs).and(ALL);
    }

    public CodePoints without(CodePoints other) {
        return and(other.not());
    }

    public boolean contains(int point) {
        for (int i = 0; i < bounds.length && bounds[i] <= point; i += 2) {
            if (point <= bounds[i + 1]) {
                return true;
            }
        }
        return false;
    }

    public boolean isEmpty() {
        return bounds.length == 0;
    }

    /** Whether it has exactly one character. */
    public boolean single() {
        return bounds.length == 2 && bounds[0] == bounds[1];
    }

    /** The lowest character; the set must have one. */
    public int first() {
        return bounds[0];
    }

    /** Those within {@code [from, from + length)}, moved down by {@code from}. */
    CodePoints window(int from, int length) {
        List<int[]> runs = new ArrayList<>();
        for (int i = 0; i < bounds.length; i += 2) {
            addRun(runs, Math.max(bounds[i] - from, 0), Math.min(bounds[i + 1] - from, length - 1));
        }
        return of(runs);
    }

    private List<int[]> runs() {
        List<int[]> runs = new ArrayList<>();
        for (int i = 0; i < bounds.length; i += 2) {
            runs.add(new int[] {bounds[i], bounds[i + 1]});
        }
        return runs;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CodePoints points && Arrays.equals(bounds, points.bounds);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bounds);
    }
}

package dev.slipway.engine.grammar;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The bytes that stand for one character out of a set: its UTF-8, or the ways to write it within a JSON string. A small
 * automaton over bytes; state 0 is between characters.
 */
public final class Unit {
    static final int DEAD = -1;
    /** One whole character has been read. */
    static final int DONE = -2;

    private static final int TABLE = 256;
    private static final CodePoints JSON_ESCAPED = CodePoints.range(0, 0x1F).or(CodePoints.of("\"\\"));
    private static final String SHORT_ESCAPES = "\"\\/bfnrt";
    private static final String SHORT_ESCAPED = "\"\\/\b\f\n\r\t";

    private final CodePoints points;
    private final Notation notation;
    private final List<int[]> rows = new ArrayList<>();
    private final Map<Rest, Integer> rests = new HashMap<>();
    /** For each state, bytes of the shortest way to the end of the character. */
    private final int[] bytesToEnd;

    private enum Notation {
        PLAIN,
        JSON,
        JSON_ANY_ESCAPE
    }

    /** What may follow within a character: so many bytes of six bits each, which together are one of these. */
    private record Rest(int bytes, CodePoints values) {}

    private Unit(CodePoints points, Notation notation) {
        this.points = points;
        this.notation = notation;
        rows.add(row());
        CodePoints plain = notation == Notation.PLAIN ? points : points.without(JSON_ESCAPED);
        utf8(plain);
        if (notation != Notation.PLAIN) {
            escapes();
        }
        this.bytesToEnd = shortestWays();
    }

    /** A character as it stands. */
    public static Unit of(CodePoints points) {
        return new Unit(points, Notation.PLAIN);
    }

    /** A character within a JSON string: as it stands where JSON permits that, escaped otherwise. */
    public static Unit json(CodePoints points) {
        return new Unit(points, Notation.JSON);
    }

    /** Any character within a JSON string, in any way of writing it. */
    public static Unit jsonAny() {
        return new Unit(CodePoints.ALL, Notation.JSON_ANY_ESCAPE);
    }

    private static int[] row() {
        int[] row = new int[TABLE];
        Arrays.fill(row, DEAD);
        return row;
    }

    private int newState() {
        rows.add(row());
        return rows.size() - 1;
    }

    private void utf8(CodePoints plain) {
        int[] start = rows.getFirst();
        for (int b = 0; b < 0x80; b++) {
            start[b] = plain.contains(b) ? DONE : DEAD;
        }
        for (int b = 0xC2; b <= 0xF4; b++) {
            int bytes = b < 0xE0 ? 1 : b < 0xF0 ? 2 : 3;
            int bits = 6 * bytes;
            int base = (b & (0x3F >> bytes)) << bits;
            int least = bytes == 1 ? 0x80 : bytes == 2 ? 0x800 : 0x10000;
            CodePoints values =
                    plain.and(CodePoints.range(least, Character.MAX_CODE_POINT)).window(base, 1 << bits);
            start[b] = rest(new Rest(bytes, values));
        }
    }

    private int rest(Rest rest) {
        if (rest.values.isEmpty()) {
            return DEAD;
        }
        if (rest.bytes == 0) {
            return DONE;
        }
        Integer known = rests.get(rest);
        if (known != null) {
            return known;
        }
        int state = newState();
        rests.put(rest, state);
        int size = 1 << 6 * (rest.bytes - 1);
        for (int six = 0; six < 64; six++) {
            int next = rest(new Rest(rest.bytes - 1, rest.values.window(six * size, size)));
            rows.get(state)[0x80 | six] = next;
        }
        return state;
    }

    private void escapes() {
        int escape = newState();
        boolean any = notation == Notation.JSON_ANY_ESCAPE;
        boolean used = false;
        for (int i = 0; i < SHORT_ESCAPES.length(); i++) {
            int escaped = SHORT_ESCAPED.charAt(i);
            if (points.contains(escaped) && (any || JSON_ESCAPED.contains(escaped))) {
                rows.get(escape)[SHORT_ESCAPES.charAt(i)] = DONE;
                used = true;
            }
        }
        int hex = any ? anyHex() : controlHex();
        rows.get(escape)['u'] = hex;
        rows.getFirst()['\\'] = used || hex != DEAD ? escape : DEAD;
    }

    /** {@code 00} and two more digits, for control characters that have no letter of their own. */
    private int controlHex() {
        int first = newState();
        int second = newState();
        int third = newState();
        hexDigit(first, 0, second);
        hexDigit(second, 0, third);
        boolean used = false;
        for (int high = 0; high < 2; high++) {
            int fourth = newState();
            for (int low = 0; low < 16; low++) {
                int point = 16 * high + low;
                if (points.contains(point) && SHORT_ESCAPED.indexOf(point) < 0) {
                    hexDigit(fourth, low, DONE);
                    hexDigit(third, high, fourth);
                    used = true;
                }
            }
        }
        return used ? first : DEAD;
    }

    /** Four digits: no surrogate, or a high one and, behind another escape, a low one. */
    private int anyHex() {
        int first = newState();
        int last = anyDigits(1, DONE);
        int lastTwo = anyDigits(1, last);
        int lastThree = anyDigits(1, lastTwo);
        for (int digit = 0; digit < 16; digit++) {
            hexDigit(first, digit, lastThree);
        }
        int afterD = newState();
        hexDigit(first, 0xD, afterD);
        int low = newState();
        rows.get(low)['\\'] = newState();
        int lowU = rows.get(low)['\\'];
        int lowD = newState();
        rows.get(lowU)['u'] = lowD;
        int lowSecond = newState();
        hexDigit(lowD, 0xD, lowSecond);
        int high = anyDigits(1, anyDigits(1, low));
        for (int digit = 0; digit < 16; digit++) {
            hexDigit(afterD, digit, digit < 8 ? lastTwo : digit < 12 ? high : DEAD);
            hexDigit(lowSecond, digit, digit < 12 ? DEAD : lastTwo);
        }
        return first;
    }

    private int anyDigits(int count, int then) {
        int state = newState();
        for (int digit = 0; digit < 16; digit++) {
            hexDigit(state, digit, count == 1 ? then : anyDigits(count - 1, then));
        }
        return state;
    }

    private void hexDigit(int from, int digit, int to) {
        String letters = Integer.toHexString(digit);
        rows.get(from)[letters.charAt(0)] = to;
        rows.get(from)[letters.toUpperCase(Locale.ROOT).charAt(0)] = to;
    }

    private int[] shortestWays() {
        int[] ways = new int[rows.size()];
        Arrays.fill(ways, Distances.NEVER);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int state = rows.size() - 1; state >= 0; state--) {
                int least = Distances.NEVER;
                for (int next : rows.get(state)) {
                    int rest = next == DONE ? 0 : next == DEAD ? Distances.NEVER : ways[next];
                    least = Math.min(least, Distances.plus(1, rest));
                }
                changed |= least < ways[state];
                ways[state] = least;
            }
        }
        return ways;
    }

    /** Bytes of the shortest way to write a character of it. */
    int fewestBytes() {
        return bytesToEnd[0];
    }

    /** Bytes that are still needed in the middle of a character. */
    int bytesToEnd(int state) {
        return bytesToEnd[state];
    }

    /** The state after a byte, {@link #DEAD} or {@link #DONE}. */
    int next(int state, int value) {
        return rows.get(state)[value];
    }

    int states() {
        return rows.size();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Unit unit && notation == unit.notation && points.equals(unit.points);
    }

    @Override
    public int hashCode() {
        return 31 * points.hashCode() + notation.hashCode();
    }
}

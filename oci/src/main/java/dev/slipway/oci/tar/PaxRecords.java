package dev.slipway.oci.tar;

import dev.slipway.oci.OciException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/** The body of a pax extended header: {@code length key=value\n}, over and over. */
final class PaxRecords {
    private static final int MAX_RECORDS = 200_000;
    private static final long MAX_SECONDS = 1L << 40;

    private PaxRecords() {}

    /** Reads keys and values, one byte in each char. */
    static Map<String, String> parse(byte[] body) {
        Map<String, String> records = new LinkedHashMap<>();
        StringBuilder sparse = new StringBuilder();
        int count = 0;
        int at = 0;
        while (at < body.length && body[at] != 0) {
            int space = indexOf(body, ' ', at, Math.min(body.length, at + 12));
            int length = space < 0 ? -1 : number(body, at, space);
            int end = at + length;
            if (length < space - at + 3 || end > body.length || body[end - 1] != '\n') {
                throw malformed("a record has a wrong length");
            }
            int equals = indexOf(body, '=', space + 1, end);
            if (equals < 0) {
                throw malformed("a record has no '='");
            }
            put(records, sparse, text(body, space + 1, equals), text(body, equals + 1, end - 1));
            count++;
            if (count > MAX_RECORDS) {
                throw malformed("it has more than " + MAX_RECORDS + " records");
            }
            at = end;
        }
        if (!sparse.isEmpty()) {
            records.put(SparseMap.MAP, sparse.toString());
        }
        return records;
    }

    /** Notes a record; the first form of sparse files has the map in records that repeat, which become one. */
    private static void put(Map<String, String> records, StringBuilder sparse, String key, String value) {
        switch (key) {
            case SparseMap.KEY + "offset", SparseMap.KEY + "numbytes" ->
                sparse.append(sparse.isEmpty() ? "" : ",").append(value);
            default -> {
                if (value.isEmpty() && !key.startsWith(TarWriter.XATTR)) {
                    // So a record is taken back; an attribute may well be empty.
                    records.remove(key);
                } else {
                    records.put(key, value);
                }
            }
        }
    }

    private static int number(byte[] body, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            if (body[i] < '0' || body[i] > '9' || value > body.length) {
                return -1;
            }
            value = value * 10 + (body[i] - '0');
        }
        return value > body.length ? -1 : value;
    }

    private static int indexOf(byte[] body, char wanted, int from, int to) {
        for (int i = from; i < to; i++) {
            if (body[i] == wanted) {
                return i;
            }
        }
        return -1;
    }

    private static String text(byte[] body, int from, int to) {
        return new String(body, from, to - from, StandardCharsets.ISO_8859_1);
    }

    /** Reads a time such as {@code -12.5}, in seconds since 1970; what is finer than nanoseconds is cut off downwards. */
    static Instant time(String text) {
        boolean negative = text.startsWith("-");
        int from = negative || text.startsWith("+") ? 1 : 0;
        int point = text.indexOf('.');
        int end = point < 0 ? text.length() : point;
        long seconds = digits(text, from, end, end);
        long nanos = point < 0 ? 0 : digits(text, point + 1, text.length(), point + 10);
        for (int i = text.length(); i < point + 10 && point >= 0; i++) {
            nanos *= 10;
        }
        boolean empty = end == from && (point < 0 || point == text.length() - 1);
        if (empty || seconds < 0 || nanos < 0) {
            throw malformed("'" + (text.length() > 64 ? text.substring(0, 64) : text) + "' is not a time");
        }
        if (seconds > MAX_SECONDS) {
            throw malformed("the time " + text + " is out of range");
        }
        boolean finer = point >= 0 && text.length() > point + 10 && hasMore(text, point + 10);
        return negative
                ? Instant.ofEpochSecond(-seconds, -nanos - (finer ? 1 : 0))
                : Instant.ofEpochSecond(seconds, nanos);
    }

    private static boolean hasMore(String text, int from) {
        return text.chars().skip(from).anyMatch(digit -> digit != '0');
    }

    /** Digits up to {@code end} as a number, those past {@code counted} left out; -1 when there is something else. */
    private static long digits(String text, int from, int end, int counted) {
        long value = 0;
        for (int i = from; i < end; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            if (i < counted) {
                value = Math.min(value * 10 + digit, Long.MAX_VALUE / 100);
            }
        }
        return value;
    }

    /** Writes a time as {@link #time} reads it. */
    static String decimal(Instant instant) {
        return BigDecimal.valueOf(instant.getEpochSecond())
                .add(BigDecimal.valueOf(instant.getNano(), 9))
                .stripTrailingZeros()
                .toPlainString();
    }

    static long number(String key, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException _) {
            throw malformed("'" + key + "' is not a number");
        }
    }

    private static OciException malformed(String why) {
        return OciException.corrupt("oci.invalid-tar", "Reading a tar archive failed: in a pax header, " + why + ".");
    }
}

package dev.slipway.oci.tar;

import dev.slipway.oci.OciException;
import java.math.BigDecimal;
import java.math.RoundingMode;
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

    /** Reads a time such as {@code -12.5}, in seconds since 1970. */
    static Instant time(String text) {
        try {
            BigDecimal seconds = text.length() > 64 ? BigDecimal.ONE.scaleByPowerOfTen(64) : new BigDecimal(text);
            if (seconds.abs().compareTo(BigDecimal.valueOf(MAX_SECONDS)) > 0) {
                throw malformed("the time " + text + " is out of range");
            }
            long whole = seconds.setScale(0, RoundingMode.FLOOR).longValueExact();
            long nanos = seconds.subtract(BigDecimal.valueOf(whole))
                    .movePointRight(9)
                    .setScale(0, RoundingMode.FLOOR)
                    .longValueExact();
            return Instant.ofEpochSecond(whole, nanos);
        } catch (NumberFormatException _) {
            throw malformed("'" + text + "' is not a time");
        }
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

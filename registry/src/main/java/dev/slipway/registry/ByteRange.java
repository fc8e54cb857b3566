package dev.slipway.registry;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a blob that a request asks for.
 *
 * @param first the first byte
 * @param length how many, at least 1; 0 when the range cannot be satisfied
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-14">RFC 9110, range requests</a>
 */
record ByteRange(long first, long length) {
    private static final Pattern RANGE = Pattern.compile("bytes=\\s*([0-9]{0,18})-([0-9]{0,18})\\s*");
    private static final ByteRange UNSATISFIABLE = new ByteRange(0, 0);

    boolean satisfiable() {
        return length > 0;
    }

    /** Reads a Range header; empty when it means the whole: other units, several ranges, nonsense. */
    static Optional<ByteRange> parse(String header, long size) {
        Matcher matcher = RANGE.matcher(header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return Optional.empty();
        }
        if (matcher.group(1).isEmpty()) {
            long length = Math.min(Long.parseLong(matcher.group(2)), size);
            return Optional.of(length == 0 ? UNSATISFIABLE : new ByteRange(size - length, length));
        }
        long first = Long.parseLong(matcher.group(1));
        long last = matcher.group(2).isEmpty() ? size - 1 : Math.min(Long.parseLong(matcher.group(2)), size - 1);
        return Optional.of(first > last ? UNSATISFIABLE : new ByteRange(first, last - first + 1));
    }
}

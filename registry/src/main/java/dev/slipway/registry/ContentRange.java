package dev.slipway.registry;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a chunk lies in its blob: {@code FIRST-LAST}, both included, as the distribution-spec writes it. */
record ContentRange(long first, long last) {
    private static final Pattern FORM =
            Pattern.compile("(?:bytes[ =])?\\s*([0-9]{1,18})-([0-9]{1,18})(?:/(?:[0-9]+|\\*))?");

    static ContentRange parse(String header) {
        Matcher matcher = FORM.matcher(header.strip());
        if (matcher.matches()) {
            ContentRange range = new ContentRange(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
            // An empty last chunk has no last byte; some clients write the one before the first.
            if (range.length() >= 0) {
                return range;
            }
        }
        throw RegistryException.badRequest("BLOB_UPLOAD_INVALID", "Content-Range must be FIRST-LAST.");
    }

    long length() {
        return last - first + 1;
    }
}

package dev.slipway.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with places for values: {@code {name}} takes one segment, {@code {name...}} at the end takes all that is left.
 */
record RoutePattern(List<String> segments) {
    static RoutePattern parse(String pattern) {
        if (!pattern.startsWith("/")) {
            throw new IllegalArgumentException("a pattern begins with a slash: " + pattern);
        }
        List<String> segments = List.of(pattern.substring(1).split("/", -1));
        for (int i = 0; i < segments.size() - 1; i++) {
            if (isTail(segments.get(i))) {
                throw new IllegalArgumentException("only the last segment may take the rest: " + pattern);
            }
        }
        return new RoutePattern(segments);
    }

    /** The decoded values when {@code path}, still percent-encoded, fits; a value is never empty. */
    Optional<Map<String, String>> match(String path) {
        List<String> given = new ArrayList<>(List.of(path.substring(1).split("/", -1)));
        Map<String, String> values = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String wanted = segments.get(i);
            if (i >= given.size()) {
                return Optional.empty();
            }
            if (isTail(wanted)) {
                String rest = String.join("/", given.subList(i, given.size()));
                values.put(wanted.substring(1, wanted.length() - 4), decode(rest));
                return rest.isEmpty() ? Optional.empty() : Optional.of(values);
            }
            if (wanted.startsWith("{")) {
                values.put(wanted.substring(1, wanted.length() - 1), decode(given.get(i)));
            }
            if (wanted.startsWith("{") ? given.get(i).isEmpty() : !wanted.equals(given.get(i))) {
                return Optional.empty();
            }
        }
        return given.size() == segments.size() ? Optional.of(values) : Optional.empty();
    }

    private static boolean isTail(String segment) {
        return segment.startsWith("{") && segment.endsWith("...}");
    }

    /** Percent-decodes; unlike in a form, a plus is a plus. */
    static String decode(String encoded) {
        try {
            return URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw HttpException.badRequest(
                    "http.bad-path", "The path holds a malformed percent escape: " + encoded, "Encode it again.");
        }
    }
}

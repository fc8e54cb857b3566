package dev.slipway.oci.transport.auth;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a server wants to see before it answers.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110, WWW-Authenticate</a>
 */
record Challenge(String scheme, Map<String, String> parameters) {
    private static final int MAX_LENGTH = 8192;
    private static final Pattern PARAMETER =
            Pattern.compile("\\s*,?\\s*([A-Za-z0-9_-]++)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*+)\"|([^\\s,\"]++))");

    /** Reads the header's value; empty when it makes no sense. */
    static Optional<Challenge> parse(String text) {
        if (text.isBlank() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        int space = text.indexOf(' ');
        if (space <= 0) {
            return Optional.of(new Challenge(text.strip(), Map.of()));
        }
        Map<String, String> parameters = new HashMap<>();
        Matcher matcher = PARAMETER.matcher(text).region(space, text.length());
        while (matcher.lookingAt()) {
            String quoted = matcher.group(2);
            String value = quoted == null ? matcher.group(3) : quoted.replaceAll("\\\\(.)", "$1");
            parameters.put(matcher.group(1).toLowerCase(Locale.ROOT), value);
            matcher.region(matcher.end(), text.length());
        }
        return Optional.of(new Challenge(text.substring(0, space), Map.copyOf(parameters)));
    }

    boolean isBasic() {
        return scheme.equalsIgnoreCase("Basic");
    }

    boolean isBearer() {
        return scheme.equalsIgnoreCase("Bearer") && !parameter("realm").isEmpty();
    }

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }
}

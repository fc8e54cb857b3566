package dev.slipway.registry.access;

import dev.slipway.http.Exchange;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/** What a request's Authorization header holds. */
sealed interface Credentials {
    record None() implements Credentials {}

    /** A name and a password; never printed. */
    record Basic(String user, String password) implements Credentials {
        @Override
        public String toString() {
            return "Basic of " + user;
        }
    }

    /** A token; never printed. */
    record Bearer(String token) implements Credentials {
        @Override
        public String toString() {
            return "Bearer";
        }
    }

    /** Something else, or malformed. */
    record Unknown() implements Credentials {}

    static Credentials of(Exchange exchange) {
        Optional<String> header = exchange.header("Authorization");
        if (header.isEmpty()) {
            return new None();
        }
        int space = header.get().indexOf(' ');
        if (space < 0) {
            return new Unknown();
        }
        String value = header.get().substring(space + 1).strip();
        return switch (header.get().substring(0, space).toLowerCase(Locale.ROOT)) {
            case "basic" -> basic(value);
            case "bearer" -> new Bearer(value);
            default -> new Unknown();
        };
    }

    private static Credentials basic(String value) {
        try {
            String text = new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            return colon < 0 ? new Unknown() : new Basic(text.substring(0, colon), text.substring(colon + 1));
        } catch (IllegalArgumentException _) {
            return new Unknown();
        }
    }
}

package dev.slipway.oci.transport.auth;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** What a registry may be shown to be let in. The written form never holds the secret. */
public sealed interface Credential {
    /**
     * Nothing to show.
     *
     * @param why what kept us from having something, for people; empty when there just is nothing
     */
    record Anonymous(String why) implements Credential {}

    /** A user and a password. */
    record Password(String user, String password) implements Credential {
        String basic() {
            byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
            return "Basic " + Base64.getEncoder().encodeToString(pair);
        }

        @Override
        public String toString() {
            return "Password[" + user + ", …]";
        }
    }

    /** A long-lived token that a token service changes into access tokens. */
    record IdentityToken(String token) implements Credential {
        @Override
        public String toString() {
            return "IdentityToken[…]";
        }
    }

    /** A token that the registry itself takes. */
    record RegistryToken(String token) implements Credential {
        @Override
        public String toString() {
            return "RegistryToken[…]";
        }
    }

    /** Nothing to show, and nothing that went wrong. */
    static Credential anonymous() {
        return new Anonymous("");
    }
}

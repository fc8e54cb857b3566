package dev.slipway.engine;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * How likely the model held a token to be: the natural logarithm of its probability by the model's own distribution,
 * before a grammar, bias, penalties, temperature or anything that cuts tokens off.
 *
 * @param token the token's id
 * @param bytes what the token stands for; may be part of a character; not copied
 * @param logprob at most 0
 * @param alternatives the likeliest tokens in its place, likeliest first, without alternatives of their own; the token
 *     itself is among them when it is one of the likeliest
 */
@SuppressWarnings("ArrayRecordComponent") // A hot value that nobody compares.
public record TokenLogprob(int token, byte[] bytes, double logprob, List<TokenLogprob> alternatives) {
    public TokenLogprob {
        alternatives = List.copyOf(alternatives);
    }

    /** The bytes as text; what is no whole character becomes U+FFFD. */
    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}

package dev.slipway.engine.decode;

import dev.slipway.engine.TokenLogprob;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Holds the reports of tokens back as long as their text may still turn out to be part of a stop string, so that reports
 * and text agree.
 */
final class ShownTokens {
    private final Deque<Held> held = new ArrayDeque<>();
    private final List<TokenLogprob> certain = new ArrayList<>();
    private long decoded;
    private long given;

    /** A report, and how many characters of the answer came before its token's own. */
    private record Held(TokenLogprob report, long begin) {}

    void note(TokenLogprob report) {
        held.add(new Held(report, decoded));
    }

    /** The next token has been decoded to so many characters, and so many characters have been given out. */
    void advance(int decodedNow, int givenNow) {
        decoded += decodedNow;
        given += givenNow;
        while (!held.isEmpty() && held.getFirst().begin() < given) {
            certain.add(held.removeFirst().report());
        }
    }

    /** No stop string came: all that is held back is part of the answer. */
    void finish() {
        held.forEach(each -> certain.add(each.report()));
        held.clear();
    }

    List<TokenLogprob> take() {
        List<TokenLogprob> taken = List.copyOf(certain);
        certain.clear();
        return taken;
    }
}

package dev.slipway.engine.tool;

import java.util.Optional;

/** Reads one block of markup that holds calls, letter by letter, and tells a {@link CallBuffer} what it finds. */
interface CallReader {
    /** Takes the next letter. {@link Progress#BROKEN} leaves the letter to others. */
    Progress accept(char letter);

    /**
     * The JSON value that the block turned out to be, when it is well-formed so far and merely no call: to be shown to
     * its end without a search for calls inside. It has taken the letter at which the block broke.
     */
    default Optional<JsonScanner> plainValue() {
        return Optional.empty();
    }

    /** How far a block is. */
    enum Progress {
        OPEN,
        COMPLETE,
        BROKEN
    }
}

package dev.slipway.engine.grammar;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Every way in which the text so far can be read, and what has been found out about going on from here. */
final class Configuration {
    final List<Place> places;
    /** Whether the text may end here. */
    final boolean whole;
    /** Bytes of the shortest way to the end of the text. */
    final int bytesToEnd;
    /** After a byte of each class; what is not known yet is null. */
    final @Nullable Configuration[] next;

    @Nullable
    Mask mask;

    Configuration(List<Place> places, boolean whole, int bytesToEnd, int classes) {
        this.places = places;
        this.whole = whole;
        this.bytesToEnd = whole ? 0 : bytesToEnd;
        this.next = new Configuration[places.isEmpty() ? 0 : classes];
    }

    /** Whether nothing can follow. */
    boolean closed() {
        return places.isEmpty();
    }
}

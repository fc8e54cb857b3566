package dev.slipway.engine.grammar;

import java.util.Comparator;

/**
 * One way in which the text so far can be read: what is read next, and what is open around it.
 *
 * @param node a {@link Node.Literal} or {@link Node.Loop}
 * @param part how far within the literal or the character
 * @param min for a loop, how many characters must still come
 * @param max for a loop, how many may still come
 */
record Place(int node, int part, int min, int max, Frame frame) {
    static final Comparator<Place> ORDER = Comparator.comparingInt(Place::node)
            .thenComparingInt(Place::part)
            .thenComparingInt(Place::min)
            .thenComparingInt(Place::max)
            .thenComparingInt(place -> place.frame.number);
}

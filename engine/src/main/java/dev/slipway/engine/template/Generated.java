package dev.slipway.engine.template;

import java.util.Iterator;
import java.util.List;

/** What {@code select}, {@code map} and their like give: true, without a length, and gone once it has been read. */
final class Generated {
    private final Iterator<Object> rest;

    Generated(List<Object> items) {
        rest = items.iterator();
    }

    /** Everything not read yet. */
    Iterator<Object> rest() {
        return rest;
    }
}

package dev.slipway.engine.decode;

import java.util.List;

/** Sees what passes are composed of. */
@FunctionalInterface
interface PassListener {
    PassListener NOBODY = parts -> {};

    /** A pass of these parts is about to be computed. */
    void composed(List<Scheduler.Part> parts);
}

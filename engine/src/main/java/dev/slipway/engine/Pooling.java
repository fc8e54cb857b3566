package dev.slipway.engine;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How one vector is made of the states of a text's tokens. */
public enum Pooling {
    /** Their mean. */
    MEAN,
    /** The first one, which stands for the whole in models of BERT's family. */
    CLS,
    /** The last one, which alone has seen everything in models that read from left to right. */
    LAST,
    /** All of them, one vector for each token. */
    NONE;

    /** As people write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Pooling> of(String label) {
        return Arrays.stream(values()).filter(way -> way.label().equals(label)).findFirst();
    }

    /** All labels. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(Pooling::label).toList();
    }
}

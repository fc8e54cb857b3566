package dev.slipway.engine;

import dev.slipway.model.OpenModel;
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

    /**
     * The way that a model says it was made for, in GGUF's numbers.
     *
     * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">GGUF, standardized keys</a>
     */
    static Optional<Pooling> wanted(OpenModel file) {
        long number =
                file.metadata().integer(file.architecture() + ".pooling_type").orElse(-1);
        return switch ((int) number) {
            case 0 -> Optional.of(NONE);
            case 1 -> Optional.of(MEAN);
            case 2 -> Optional.of(CLS);
            case 3 -> Optional.of(LAST);
            default -> Optional.empty();
        };
    }

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

package dev.slipway.engine.tokenizer.split;

import java.util.List;

/** One way to cut text. Safe for use by many threads; what {@link #start} gives is for one. */
public interface Splitter {
    /** A sink that cuts each piece it gets and hands the parts on, none of them empty. */
    PieceSink start(PieceSink out);

    /** Cuts nothing. */
    static Splitter none() {
        return out -> out;
    }

    /** Each in turn cuts what the one before left. */
    static Splitter all(List<Splitter> splitters) {
        List<Splitter> steps = List.copyOf(splitters);
        return out -> {
            PieceSink sink = out;
            for (Splitter step : steps.reversed()) {
                sink = step.start(sink);
            }
            return sink;
        };
    }
}

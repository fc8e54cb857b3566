package dev.slipway.bench.engine;

/** One kind of row. */
enum Measure {
    PREFILL("pp512", 0, 512, 1),
    DECODE("tg64", 8, 64, 1),
    DEEP_DECODE("tg64@d2048", 2048, 64, 1),
    TOGETHER("tg32x8", 8, 32, 8);

    private final String label;
    private final int depth;
    private final int tokens;
    private final int requests;

    Measure(String label, int depth, int tokens, int requests) {
        this.label = label;
        this.depth = depth;
        this.tokens = tokens;
        this.requests = requests;
    }

    String label() {
        return label;
    }

    int requests() {
        return requests;
    }

    /** Positions in the cache in the middle of the measured time. */
    double middle() {
        return depth + tokens / 2.0;
    }

    double tokensPerSecond(Contender contender) {
        return this == PREFILL ? contender.prefill(tokens) : contender.decode(depth, tokens, requests);
    }
}

package dev.slipway.oracle.random;

/**
 * The sizes of a decoder-only transformer.
 *
 * @param architecture as a GGUF file names it: {@code llama}, {@code qwen2} or {@code qwen3}
 * @param vocabulary number of tokens, at least {@link ToyTokenizer#LEAST}
 * @param tied whether the token embedding is the output matrix too
 */
public record Geometry(
        String architecture,
        int width,
        int blocks,
        int heads,
        int kvHeads,
        int headSize,
        int hidden,
        int vocabulary,
        int context,
        double ropeBase,
        double epsilon,
        boolean tied) {
    public static final Geometry QWEN25_05B =
            new Geometry("qwen2", 896, 24, 14, 2, 64, 4864, 151_936, 32_768, 1e6, 1e-6, true);

    public static final Geometry LLAMA32_1B =
            new Geometry("llama", 2048, 16, 32, 8, 64, 8192, 128_256, 131_072, 5e5, 1e-5, true);

    /** Small enough for a test; every row fills whole blocks of every type. */
    public static Geometry tiny(String architecture) {
        return new Geometry(architecture, 256, 2, 4, 2, 64, 512, 512, 512, 1e4, 1e-5, !architecture.equals("llama"));
    }

    public Geometry withContext(int context) {
        return new Geometry(
                architecture,
                width,
                blocks,
                heads,
                kvHeads,
                headSize,
                hidden,
                vocabulary,
                context,
                ropeBase,
                epsilon,
                tied);
    }

    /** Queries, keys and values have biases, as in Qwen2. */
    boolean biases() {
        return architecture.equals("qwen2");
    }

    /** Queries and keys are normed head by head, as in Qwen3. */
    boolean headNorms() {
        return architecture.equals("qwen3");
    }
}

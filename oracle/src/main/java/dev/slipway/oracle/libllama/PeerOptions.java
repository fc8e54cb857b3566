package dev.slipway.oracle.libllama;

/**
 * How libllama loads a model.
 *
 * @param vocabularyOnly without weights: only text and tokens can be asked about
 * @param context positions of all sequences together
 * @param sequences most sequences at a time
 * @param threads threads for every pass
 * @param cache the form of keys and values; with f32 attention is not fused either
 */
public record PeerOptions(boolean vocabularyOnly, int context, int sequences, int threads, Cache cache) {
    /** Forms of the KV cache, with ggml's numbers. */
    public enum Cache {
        F32(0),
        F16(1),
        Q8_0(8);

        private final int ggmlType;

        Cache(int ggmlType) {
            this.ggmlType = ggmlType;
        }

        int ggmlType() {
            return ggmlType;
        }
    }

    public PeerOptions {
        if (context < 1 || sequences < 1 || threads < 1) {
            throw new IllegalArgumentException(
                    "context " + context + ", sequences " + sequences + ", threads " + threads);
        }
    }

    /** For questions about text and tokens. */
    public static PeerOptions vocabulary() {
        return new PeerOptions(true, 1, 1, 1, Cache.F16);
    }

    /** For one sequence whose keys and values are not rounded. */
    public static PeerOptions exact(int context) {
        return new PeerOptions(false, context, 1, 1, Cache.F32);
    }
}

package dev.slipway.model.huggingface;

import dev.slipway.model.Metadata.Value;
import java.util.Optional;
import java.util.OptionalLong;
import tools.jackson.databind.JsonNode;

/** Which layers look back only so far: {@code sliding_window} and the keys around it. */
final class SlidingWindow {
    private static final String SIZE = "sliding_window";

    /** What the families' own code takes where a file is silent. */
    private static final long DEFAULT_SIZE = 4096;

    private static final long DEFAULT_FIRST_LAYER = 28;
    private static final int MAX_LAYERS = 1 << 10;

    private SlidingWindow() {}

    static void translate(ConfigValues in, JsonNode config, String type) {
        boolean mistral = type.equals("mistral");
        boolean used = mistral || (type.startsWith("qwen") && in.truth("use_sliding_window", false));
        // A null says that there is no window, which is more than to say nothing.
        OptionalLong size = config.has(SIZE) ? in.whole(config, SIZE) : OptionalLong.of(DEFAULT_SIZE);
        if (!used || size.isEmpty()) {
            return;
        }
        in.put("attention.sliding_window", new Value.Whole(size.getAsLong()), SIZE);
        Optional<long[]> listed = listed(in, config.path("layer_types"));
        if (listed.isPresent()) {
            in.put("attention.sliding_window_pattern", new Value.Wholes(listed.get()), "layer_types");
        } else if (!mistral) {
            long first = in.whole(config, "max_window_layers").orElse(DEFAULT_FIRST_LAYER);
            long layers = in.whole(config, "num_hidden_layers").orElse(0);
            long[] pattern = new long[Math.clamp(layers, 0, MAX_LAYERS)];
            for (int i = 0; i < pattern.length; i++) {
                pattern[i] = i >= first ? 1 : 0;
            }
            in.put("attention.sliding_window_pattern", new Value.Wholes(pattern), "max_window_layers");
        }
    }

    private static Optional<long[]> listed(ConfigValues in, JsonNode types) {
        if (!types.isArray() || types.size() > MAX_LAYERS) {
            return Optional.empty();
        }
        long[] pattern = new long[types.size()];
        for (int i = 0; i < pattern.length; i++) {
            String type = types.path(i).asString("");
            pattern[i] = switch (type) {
                case "sliding_attention" -> 1;
                case "full_attention" -> 0;
                default ->
                    throw in.unsupported(
                            "the layer type '" + type + "' is not known", "Use another model of this family.");
            };
        }
        return Optional.of(pattern);
    }
}

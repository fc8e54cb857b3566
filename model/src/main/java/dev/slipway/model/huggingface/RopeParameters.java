package dev.slipway.model.huggingface;

import dev.slipway.model.Metadata.Value;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.databind.JsonNode;

/**
 * How positions turn: {@code rope_theta} and {@code rope_scaling}, or {@code rope_parameters}, which holds both in newer
 * files.
 *
 * @see <a href="https://huggingface.co/docs/transformers/internal/rope_utils">Transformers, utilities for rotary
 *     embedding</a>
 */
final class RopeParameters {
    private static final String NEWER = "rope_parameters";
    private static final String OLDER = "rope_scaling";
    private static final double DEFAULT_BASE = 10_000;

    private final ConfigValues in;
    private final JsonNode scaling;
    private final String where;

    private RopeParameters(ConfigValues in, JsonNode scaling, String where) {
        this.in = in;
        this.scaling = scaling;
        this.where = where + ".";
    }

    static void translate(ConfigValues in, JsonNode config) {
        Optional<JsonNode> newer = in.object(NEWER);
        OptionalDouble base = newer.map(found -> in.real(found, "rope_theta")).orElse(OptionalDouble.empty());
        double theta = base.isPresent()
                ? base.getAsDouble()
                : in.real(config, "rope_theta").orElse(DEFAULT_BASE);
        in.put("rope.freq_base", new Value.Real(theta), "rope_theta");
        Optional<JsonNode> scaling = newer.or(() -> in.object(OLDER));
        if (scaling.isPresent()) {
            new RopeParameters(in, scaling.get(), newer.isPresent() ? NEWER : OLDER).translate(config);
        }
    }

    private void translate(JsonNode config) {
        Optional<String> named = in.text(scaling, "rope_type").or(() -> in.text(scaling, "type"));
        if (named.isEmpty()
                && scaling.properties().stream()
                        .anyMatch(entry -> entry.getValue().isObject())) {
            throw in.unsupported("its layers turn positions in different ways", "Use another model.");
        }
        String type = named.orElse("default");
        if (type.equals("default")) {
            return;
        }
        in.put("rope.scaling.type", new Value.Text(type), where + "rope_type");
        take("rope.scaling.factor", "factor");
        take("rope.scaling.low_freq_factor", "low_freq_factor");
        take("rope.scaling.high_freq_factor", "high_freq_factor");
        original(config, type);
        if (type.equals("yarn")) {
            yarn(config);
        }
    }

    private void original(JsonNode config, String type) {
        String key = "original_max_position_embeddings";
        long given = in.whole(scaling, key).orElse(-1);
        if (given >= 0) {
            in.put("rope.scaling.original_context_length", new Value.Whole(given), where + key);
        } else if (type.equals("yarn")) {
            in.whole(config, "max_position_embeddings")
                    .ifPresent(own -> in.put(
                            "rope.scaling.original_context_length", new Value.Whole(own), "max_position_embeddings"));
        }
    }

    private void yarn(JsonNode config) {
        take("rope.scaling.yarn_beta_fast", "beta_fast");
        take("rope.scaling.yarn_beta_slow", "beta_slow");
        JsonNode truncate = scaling.path("truncate");
        if (truncate.isBoolean() && !truncate.booleanValue()) {
            throw in.unsupported("its '" + where + "truncate' is false", "Use a GGUF file of this model.");
        }
        double factor = in.real(scaling, "factor").orElseThrow(() -> in.missing(where + "factor"));
        attention(factor);
        // Files of this kind often keep the length that the model was first trained for.
        double original = in.whole(scaling, "original_max_position_embeddings")
                .orElse(in.whole(config, "max_position_embeddings").orElse(0));
        long stretched = (long) Math.clamp(original * factor, 0, 1e15);
        if (stretched > in.whole(config, "max_position_embeddings").orElse(0)) {
            in.put("context_length", new Value.Whole(stretched), where + "factor");
        }
    }

    /** GGUF's factor comes on top of what the paper gives; the one here stands in its place. */
    private void attention(double factor) {
        double paper = 0.1 * Math.log(Math.max(1, factor)) + 1;
        double mscale = in.real(scaling, "mscale").orElse(0);
        double mscaleAll = in.real(scaling, "mscale_all_dim").orElse(0);
        OptionalDouble given = in.real(scaling, "attention_factor");
        double wanted = paper;
        if (given.isPresent()) {
            wanted = given.getAsDouble();
        } else if (mscale != 0 && mscaleAll != 0) {
            double log = 0.1 * Math.log(Math.max(1, factor));
            wanted = (mscale * log + 1) / (mscaleAll * log + 1);
        }
        if (wanted != paper) {
            in.put("rope.scaling.attn_factor", new Value.Real(wanted / paper), where + "attention_factor");
        }
    }

    private void take(String key, String storedKey) {
        in.real(scaling, storedKey).ifPresent(value -> in.put(key, new Value.Real(value), where + storedKey));
    }
}

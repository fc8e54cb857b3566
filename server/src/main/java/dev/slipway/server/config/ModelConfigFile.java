package dev.slipway.server.config;

import dev.slipway.base.ErrorKind;
import dev.slipway.server.ModelConfig;
import dev.slipway.server.ServerException;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;

/** One file that describes a model. */
public final class ModelConfigFile {
    private static final Set<String> KEYS = Set.of(
            "name",
            "description",
            "backend",
            "parameters",
            "context_size",
            "threads",
            "slots",
            "embeddings",
            "options",
            "stopwords");
    private static final Set<String> PARAMETERS =
            Set.of("model", "temperature", "top_p", "top_k", "min_p", "max_tokens", "seed");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:@/-]{0,199}");
    private static final int DEFAULT_SLOTS = 4;

    private ModelConfigFile() {}

    /** Reads a file; the model's own files are looked for beside it. */
    public static ModelConfig read(Path source) {
        YamlFields fields = YamlFields.read(source).allow(KEYS);
        String backend = fields.requiredText("backend");
        YamlFields parameters = fields.mapping("parameters").allow(PARAMETERS);
        String model = parameters.requiredText("model");
        Path folder = source.toAbsolutePath().getParent();
        return new ModelConfig(
                name(source, fields.text("name").orElseGet(() -> stem(source))),
                fields.text("description").orElse(""),
                backend,
                model,
                folder == null ? Path.of(model) : folder.resolve(model).normalize(),
                source,
                fields.integer("context_size", 0, 1 << 24).orElse(0),
                fields.integer("threads", 0, 4096).orElse(0),
                fields.integer("slots", 1, 4096).orElse(DEFAULT_SLOTS),
                fields.flag("embeddings"),
                fields.texts("options"),
                fields.texts("stopwords"),
                new ModelConfig.Defaults(
                        parameters.number("temperature", 0, 2),
                        parameters.number("top_p", 1e-6, 1),
                        parameters.integer("top_k", 0, Integer.MAX_VALUE),
                        parameters.number("min_p", 0, 1),
                        parameters.integer("max_tokens", 1, Integer.MAX_VALUE),
                        parameters.integer("seed", Integer.MIN_VALUE, Integer.MAX_VALUE)));
    }

    private static String name(Path source, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new ServerException(
                    "server.invalid-config",
                    ErrorKind.INVALID,
                    "Could not use " + source + ": '" + name + "' is no name for a model.",
                    "Use letters, digits and . _ : @ / - only.",
                    null);
        }
        return name;
    }

    private static String stem(Path source) {
        String file = String.valueOf(source.getFileName());
        return file.substring(0, file.lastIndexOf('.'));
    }
}

package dev.slipway.server.config;

import dev.slipway.base.AtomicFiles;
import dev.slipway.base.ErrorKind;
import dev.slipway.server.ServerException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** A YAML mapping of a configuration file, read key by key. */
public final class YamlFields {
    private static final int LARGEST_FILE = 1 << 20;
    private static final TypeReference<Map<String, Object>> MAPPING = new TypeReference<>() {};

    private final Path file;
    private final String path;
    private final Map<String, Object> values;

    private YamlFields(Path file, String path, Map<String, Object> values) {
        this.file = file;
        this.path = path;
        this.values = values;
    }

    /**
     * Reads a file.
     *
     * @throws ServerException {@code server.invalid-config} with the line and column
     */
    public static YamlFields read(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(LARGEST_FILE + 1);
        } catch (IOException e) {
            throw AtomicFiles.explain("read " + file, e);
        }
        if (bytes.length > LARGEST_FILE) {
            throw invalid(file, "the file is larger than 1 MiB", "");
        }
        try {
            YAMLMapper mapper = new YAMLMapper();
            JsonNode root = mapper.readTree(bytes);
            if (root.isMissingNode() || root.isNull()) {
                return new YamlFields(file, "", Map.of());
            }
            if (!root.isObject()) {
                throw invalid(file, "it is not a mapping of keys to values", "Write 'key: value' lines.");
            }
            return new YamlFields(file, "", mapper.treeToValue(root, MAPPING));
        } catch (JacksonException e) {
            TokenStreamLocation at = e.getLocation();
            String where = at == null ? "" : "line " + at.getLineNr() + ", column " + at.getColumnNr() + ": ";
            throw invalid(file, where + firstLine(e.getOriginalMessage()), "Correct the file.");
        }
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("not YAML");
    }

    /** Refuses keys that mean nothing here, so that none is silently passed over. */
    public YamlFields allow(Set<String> known) {
        for (String key : values.keySet()) {
            if (!known.contains(key)) {
                String hint = NearestName.of(key, known)
                        .map(name -> "Did you mean '" + name + "'?")
                        .orElse("Known keys: "
                                + String.join(", ", known.stream().sorted().toList()) + ".");
                throw invalid(file, "the key '" + at(key) + "' is not known", hint);
            }
        }
        return this;
    }

    /** The keys that are there, in order. */
    public Set<String> keys() {
        return values.keySet();
    }

    /** A nested mapping; an empty one when it is absent. */
    public YamlFields mapping(String key) {
        Object value = values.get(key);
        if (value == null) {
            return new YamlFields(file, at(key), Map.of());
        }
        if (!(value instanceof Map<?, ?> map)) {
            throw wrongType(key, "a mapping");
        }
        Map<String, Object> nested = new LinkedHashMap<>();
        map.forEach((name, element) -> nested.put(String.valueOf(name), element));
        return new YamlFields(file, at(key), nested);
    }

    public Optional<String> text(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case String text -> Optional.of(text);
            case Number number -> Optional.of(number.toString());
            case Object _ -> throw wrongType(key, "text");
        };
    }

    public String requiredText(String key) {
        return text(key)
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> invalid(file, "the key '" + at(key) + "' is missing", "Add it."));
    }

    public boolean flag(String key) {
        return switch (values.get(key)) {
            case null -> false;
            case Boolean flag -> flag;
            case Object _ -> throw wrongType(key, "true or false");
        };
    }

    public OptionalInt integer(String key, int least, int most) {
        Object value = values.get(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!(value instanceof Integer || value instanceof Long)) {
            throw wrongType(key, "a whole number");
        }
        long number = ((Number) value).longValue();
        if (number < least || number > most) {
            throw invalid(file, "'" + at(key) + "' is " + number, "Use " + least + " to " + most + ".");
        }
        return OptionalInt.of((int) number);
    }

    public OptionalDouble number(String key, double least, double most) {
        Object value = values.get(key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!(value instanceof Number number)) {
            throw wrongType(key, "a number");
        }
        if (!(number.doubleValue() >= least && number.doubleValue() <= most)) {
            throw invalid(file, "'" + at(key) + "' is " + number, "Use " + least + " to " + most + ".");
        }
        return OptionalDouble.of(number.doubleValue());
    }

    /** A list of texts; empty when it is absent. */
    public List<String> texts(String key) {
        Object value = values.get(key);
        if (value == null) {
            return List.of();
        }
        if (!(value instanceof List<?> list)) {
            throw wrongType(key, "a list of texts");
        }
        List<String> texts = new ArrayList<>();
        for (Object element : list) {
            if (!(element instanceof String || element instanceof Number || element instanceof Boolean)) {
                throw wrongType(key, "a list of texts");
            }
            texts.add(element.toString());
        }
        return texts;
    }

    private String at(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    private ServerException wrongType(String key, String wanted) {
        return invalid(file, "'" + at(key) + "' is not " + wanted, "Write " + wanted + ".");
    }

    private static ServerException invalid(Path file, String why, String hint) {
        return new ServerException(
                "server.invalid-config", ErrorKind.INVALID, "Could not use " + file + ": " + why + ".", hint, null);
    }
}

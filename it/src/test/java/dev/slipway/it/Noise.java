package dev.slipway.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slipway.model.QuantisationType;
import dev.slipway.oracle.random.Geometry;
import dev.slipway.oracle.random.RandomModel;
import dev.slipway.oracle.random.TypeMix;
import dev.slipway.oracle.schema.SchemaJudge;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A model of random weights, which writes noise unless a grammar leads it, and tools for it to call. */
final class Noise {
    static final JsonMapper JSON = JsonMapper.shared();
    static final List<String> FORMS = List.of("hermes", "llama3_json", "qwen3_xml", "mistral");

    /** A schema that no grammar is made for, and the place that must be named. */
    static final String UNSUPPORTED = "{\"type\":\"object\",\"properties\":{\"a/b\":{\"items\":{\"not\":{}}}}}";

    static final String UNSUPPORTED_PLACE = "#/properties/a~1b/items/not";

    private static final String PARAMETERS = """
            {"type": "object", "required": ["city", "days"], "additionalProperties": false, "properties": {
              "city": {"type": "string", "enum": ["Lisbon", "Łódź", "a \\"b\\" c"]},
              "days": {"type": "integer", "minimum": 1, "maximum": 14},
              "note": {"type": "string", "maxLength": 12},
              "share": {"type": "number", "minimum": 0, "maximum": 1},
              "exact": {"type": "boolean"}}}""";

    private static final List<String> MARKUP =
            List.of("<tool_call", "</tool_call", "<function", "<parameter", "[TOOL_CALLS]", "[ARGS]", "\"parameters\"");

    private Noise() {}

    /** Writes the model as {@code noise.gguf}. */
    static Path write(Path folder) throws IOException {
        Geometry tiny = Geometry.tiny("llama").withContext(2_048);
        return new RandomModel(tiny, new TypeMix.Uniform(QuantisationType.Q8_0), 7)
                .writeTo(folder.resolve("noise.gguf"), writer -> writer);
    }

    /** Two tools that are told apart by their names. */
    static JsonNode tools() {
        return JSON.valueToTree(List.of(tool("forecast"), tool("plan_trip")));
    }

    private static Map<String, Object> tool(String name) {
        return Map.of("type", "function", "function", Map.of("name", name, "parameters", JSON.readTree(PARAMETERS)));
    }

    /** Asserts that a call is whole, valid, and the only thing that was said. */
    static void assertCall(String as, boolean named, String name, String arguments, String content) {
        assertThat(name).as(as).isIn(named ? List.of("plan_trip") : List.of("forecast", "plan_trip"));
        assertThat(new SchemaJudge(PARAMETERS).complaints(arguments))
                .as(as + ": " + arguments)
                .isEmpty();
        assertThat(MARKUP).as(as + ": " + content).noneMatch(content::contains);
        assertThat(content).as(as).isBlank();
    }

    /** Asserts that an answer is JSON by a schema. */
    static void assertValid(String schema, String answer) {
        assertThat(new SchemaJudge(schema).complaints(answer))
                .as("%s by %s", answer, schema)
                .isEmpty();
    }
}

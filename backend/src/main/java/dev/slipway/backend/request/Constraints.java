package dev.slipway.backend.request;

import dev.slipway.backend.BackendException;
import dev.slipway.engine.Constraint;
import dev.slipway.protocol.PredictOptions;
import java.util.Map;

/**
 * What the answer must look like, out of the fields that say so: {@code ToolChoice} for conversations, {@code Grammar},
 * and in {@code Metadata} the entries {@code response_format}, a JSON object in the shape of OpenAI's, and
 * {@code parallel_tool_calls}.
 */
final class Constraints {
    private static final String FORMAT = "response_format";
    private static final String PARALLEL = "parallel_tool_calls";

    private Constraints() {}

    static Constraint of(PredictOptions request) {
        String format = request.getMetadataOrDefault(FORMAT, "");
        ToolChoice choice = ToolChoice.parse(request.getToolChoice());
        if (TextRequests.isChat(request) && choice.forced()) {
            // A call leaves no room for an answer in a format.
            return new Constraint.ToolCalls(
                    choice.name(), parallel(request) && choice.name().isEmpty());
        }
        Constraint constraint = format.isBlank() ? Constraint.NONE : ofFormat(JsonText.object(FORMAT, format));
        if (request.getGrammar().isBlank()) {
            return constraint;
        }
        if (!constraint.equals(Constraint.NONE)) {
            throw BackendException.invalid(
                    "There are a Grammar and a " + FORMAT + ", and an answer can keep to one only.",
                    "Send one of them.");
        }
        return new Constraint.Gbnf(request.getGrammar());
    }

    private static boolean parallel(PredictOptions request) {
        return request.getMetadataOrDefault(PARALLEL, "").strip().equals("true");
    }

    private static Constraint ofFormat(Map<String, Object> format) {
        return switch (String.valueOf(format.get("type"))) {
            case "text" -> Constraint.NONE;
            case "json_object" -> new Constraint.JsonObject();
            case "json_schema" -> {
                // The completions of some hosts put the schema beside the type.
                Map<?, ?> holder = format.get("json_schema") instanceof Map<?, ?> inner ? inner : format;
                Object schema = holder.get("schema");
                if (schema == null) {
                    throw BackendException.invalid(FORMAT + " has no schema.", "Put it at json_schema.schema.");
                }
                yield new Constraint.JsonSchema(JsonText.write(schema));
            }
            default ->
                throw BackendException.invalid(
                        FORMAT + " is of the type " + format.get("type") + ".",
                        "Use text, json_object or json_schema.");
        };
    }
}
